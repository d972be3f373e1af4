// Each statement takes its rows as one JSON array.

export const SEED_USERS = {
  summary: 'INSERT users',
  text: `
    insert into users (handle, display_name)
    select handle, display_name from jsonb_to_recordset($1) as demo (handle text, display_name text)
    on conflict (handle) do nothing`,
};

/** Blocks new replies while `COUNT_REPLIES` counts. */
export const LOCK_ACTIVITIES = {
  summary: 'SELECT activities',
  text: `
    select from activities
    where uuid in (select uuid from jsonb_to_recordset($1) as demo (uuid uuid))
    order by uuid for update`,
};

/** Existing activities keep their replies and likes. */
export const SEED_ACTIVITIES = {
  summary: 'INSERT activities',
  text: `
    insert into activities
      (uuid, user_uuid, message, reply_to_activity_uuid, likes_count, created_at, expires_at)
    select demo.uuid, u.uuid, demo.message, demo.reply_to_activity_uuid, coalesce(demo.likes_count, 0),
      moment - demo.age, moment + demo."left"
    from jsonb_to_recordset($1) as demo (
      uuid uuid, handle text, message text, reply_to_activity_uuid uuid, likes_count integer, age interval,
      "left" interval
    )
    join users u using (handle)
    cross join date_trunc('milliseconds', now()) as moment
    on conflict (uuid) do update set created_at = excluded.created_at, expires_at = excluded.expires_at`,
};

export const COUNT_REPLIES = {
  summary: 'UPDATE activities',
  text: `
    update activities a
    set replies_count = (select count(*) from activities r where r.reply_to_activity_uuid = a.uuid)
    where uuid in (select uuid from jsonb_to_recordset($1) as demo (uuid uuid))`,
};

/** `mentions` are the handles that the message mentions. */
export const SEED_NOTIFICATIONS = {
  summary: 'INSERT notifications',
  text: `
    insert into notifications (user_uuid, activity_uuid, created_at, expires_at)
    select u.uuid, a.uuid, a.created_at, least(a.expires_at, parent.expires_at)
    from jsonb_to_recordset($1) as demo (uuid uuid, mentions text[])
    join activities a on a.uuid = demo.uuid
    left join activities parent on parent.uuid = a.reply_to_activity_uuid
    join users u on (u.handle = any(demo.mentions) or u.uuid = parent.user_uuid) and u.uuid <> a.user_uuid
    on conflict (activity_uuid, user_uuid) do update
      set created_at = excluded.created_at, expires_at = excluded.expires_at`,
};

/**
 * Locks the conversations: messages that users send meanwhile wait, and do not miss `DATE_MESSAGE_GROUPS`.
 */
export const SEED_MESSAGE_GROUPS = {
  summary: 'INSERT message_groups',
  text: `
    with pairs as (
      select distinct least(s.uuid, r.uuid) as first, greatest(s.uuid, r.uuid) as second
      from jsonb_to_recordset($1) as demo (handle text, "to" text)
      join users s on s.handle = demo.handle
      join users r on r.handle = demo."to"
    ), made as (
      insert into message_groups as g (first_user_uuid, second_user_uuid)
      select first, second from pairs order by first, second
      on conflict (first_user_uuid, second_user_uuid) do update set created_at = g.created_at
      returning *
    )
    insert into message_group_users (message_group_uuid, user_uuid)
    select uuid, first_user_uuid from made union select uuid, second_user_uuid from made
    on conflict do nothing`,
};

export const SEED_MESSAGES = {
  summary: 'INSERT messages',
  text: `
    insert into messages (uuid, message_group_uuid, user_uuid, message, created_at)
    select demo.uuid, g.uuid, s.uuid, demo.message, date_trunc('milliseconds', now()) - demo.age
    from jsonb_to_recordset($1) as demo (uuid uuid, handle text, "to" text, message text, age interval)
    join users s on s.handle = demo.handle
    join users r on r.handle = demo."to"
    join message_groups g on
      g.first_user_uuid = least(s.uuid, r.uuid) and g.second_user_uuid = greatest(s.uuid, r.uuid)
    on conflict (uuid) do update set created_at = excluded.created_at`,
};

/** Sorts the conversations by the new times of the demo messages and those of users. */
export const DATE_MESSAGE_GROUPS = {
  summary: 'UPDATE message_group_users',
  text: `
    update message_group_users member set latest_message_at = latest.created_at
    from (
      select m.message_group_uuid, max(m.created_at) as created_at
      from messages m
      where m.message_group_uuid in (
        select message_group_uuid from messages
        where uuid in (select uuid from jsonb_to_recordset($1) as demo (uuid uuid))
      )
      group by m.message_group_uuid
    ) latest
    where member.message_group_uuid = latest.message_group_uuid`,
};
