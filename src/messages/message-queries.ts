import { isoTime } from '../db/paging.ts';

/**
 * Parameters: the handle, then the values of `pageValues`; the cursor is the time of the latest message and
 * the uuid of the conversation. A conversation of a user with themselves shows their own name.
 */
export const SELECT_MESSAGE_GROUPS = {
  summary: 'SELECT message_groups',
  text: `
    select g.uuid, other.display_name, other.handle, latest.message,
      ${isoTime('member.latest_message_at')} as created_at
    from (
      select * from message_group_users
      where user_uuid = (select uuid from users where handle = lower($1))
        and (latest_message_at, message_group_uuid) < ($2, $3)
      order by latest_message_at desc, message_group_uuid desc
      limit $4
    ) member
    join message_groups g on g.uuid = member.message_group_uuid
    join users other on other.uuid =
      case when g.first_user_uuid = member.user_uuid then g.second_user_uuid else g.first_user_uuid end
    cross join lateral (
      select m.* from messages m
      where m.message_group_uuid = g.uuid
      order by m.created_at desc, m.uuid desc
      limit 1
    ) latest
    order by member.latest_message_at desc, g.uuid desc`,
};

/**
 * Parameters: the two handles, then the values of `pageValues`. Newest first. Returns one row of nulls if the
 * two have no messages, and no row if the second handle is unknown.
 */
export const SELECT_MESSAGES = {
  summary: 'SELECT messages',
  text: `
    select page.uuid, sender.display_name, sender.handle, page.message,
      ${isoTime('page.created_at')} as created_at
    from users other
    left join users me on me.handle = lower($1)
    left join message_groups g on
      g.first_user_uuid = least(me.uuid, other.uuid) and g.second_user_uuid = greatest(me.uuid, other.uuid)
      and me.uuid is not null
    left join lateral (
      select m.* from messages m
      where m.message_group_uuid = g.uuid and (m.created_at, m.uuid) < ($3, $4)
      order by m.created_at desc, m.uuid desc
      limit $5
    ) page on true
    left join users sender on sender.uuid = page.user_uuid
    where other.handle = lower($2)
    order by page.created_at desc, page.uuid desc`,
};

/**
 * Parameters: the handles of sender and receiver, and the message. The first message creates the
 * conversation; a concurrent first message waits for it and joins it. No row means that the sender is
 * unknown; a row with `uuid` null means that the receiver is unknown and that nothing was stored.
 */
export const INSERT_MESSAGE = {
  summary: 'INSERT messages',
  text: `
    with sender as (
      select * from users where handle = lower($1)
    ), receiver as (
      select * from users where handle = lower($2)
    ), conversation as (
      insert into message_groups as g (first_user_uuid, second_user_uuid)
      select least(s.uuid, r.uuid), greatest(s.uuid, r.uuid) from sender s, receiver r
      on conflict (first_user_uuid, second_user_uuid) do update set created_at = g.created_at
      returning g.*
    ), written as (
      insert into messages (message_group_uuid, user_uuid, message)
      select c.uuid, s.uuid, $3 from conversation c, sender s
      returning *
    ), members as (
      insert into message_group_users (message_group_uuid, user_uuid)
      select uuid, first_user_uuid from conversation union select uuid, second_user_uuid from conversation
      on conflict do nothing
    )
    select w.uuid, s.display_name, s.handle, w.message, ${isoTime('w.created_at')} as created_at
    from sender s left join written w on true`,
};
