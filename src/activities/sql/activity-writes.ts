import { activityColumns, isLive } from './activity-sql.ts';

// Parameters: the author's handle, the message and the handles that it mentions; then one more, see below. No
// row means that the author does not exist; a row with `uuid` null means that nothing was stored. The same
// statement creates the notifications, except for the author.

const WRITTEN = `
  select ${activityColumns('a', 'u')}, json '[]' as replies
  from author u left join written a on true`;

/** The last parameter is the lifetime in milliseconds. */
export const INSERT_ACTIVITY = {
  summary: 'INSERT activities',
  text: `
    with author as (
      select * from users where handle = lower($1)
    ), moment as (
      select date_trunc('milliseconds', now()) as created_at
    ), written as (
      insert into activities (user_uuid, message, created_at, expires_at)
      select author.uuid, $2, moment.created_at, moment.created_at + $4::float8 * interval '1 millisecond'
      from author, moment
      returning *
    ), notified as (
      insert into notifications (user_uuid, activity_uuid, created_at, expires_at)
      select u.uuid, written.uuid, written.created_at, written.expires_at
      from written join users u on u.handle = any($3::text[])
      where u.uuid <> written.user_uuid
    )
    ${WRITTEN}`,
};

/**
 * The last parameter is the uuid of the activity or reply that is answered. The reply belongs to its thread,
 * the top-level activity, whose `replies_count` the statement increments.
 */
export const INSERT_REPLY = {
  summary: 'INSERT activities',
  text: `
    with author as (
      select * from users where handle = lower($1)
    ), answered as (
      select a.user_uuid, coalesce(a.reply_to_activity_uuid, a.uuid) as thread_uuid
      from activities a
      where a.uuid = $4 and ${isLive('a')}
    ), thread as (
      update activities t set replies_count = t.replies_count + 1
      from author, answered
      where t.uuid = answered.thread_uuid and ${isLive('t')}
      returning t.uuid, t.user_uuid, t.expires_at
    ), written as (
      insert into activities (user_uuid, message, reply_to_activity_uuid)
      select author.uuid, $2, thread.uuid from author, thread
      returning *
    ), notified as (
      insert into notifications (user_uuid, activity_uuid, created_at, expires_at)
      select u.uuid, written.uuid, written.created_at, thread.expires_at
      from written, answered, thread, users u
      where (u.handle = any($3::text[]) or u.uuid in (answered.user_uuid, thread.user_uuid))
        and u.uuid <> written.user_uuid
    )
    ${WRITTEN}`,
};
