import { isoTime } from '../../db/paging.ts';

/** Returns the SQL condition that an activity has not expired; the same expression as in the indexes. */
export function isLive(activity: string): string {
  return `coalesce(${activity}.expires_at, 'infinity') > now()`;
}

/** Returns the SQL condition that an activity is no reply, or that its thread has not expired. */
export function isThreadLive(activity: string): string {
  return `(${activity}.reply_to_activity_uuid is null or exists (
    select from activities thread
    where thread.uuid = ${activity}.reply_to_activity_uuid and ${isLive('thread')}))`;
}

/** Returns the columns of an `Activity` except `replies`, for the aliases of an activity and its author. */
export function activityColumns(activity: string, author: string): string {
  return `${activity}.uuid, ${author}.display_name, ${author}.handle, ${activity}.message,
    ${isoTime(`${activity}.created_at`)} as created_at, ${isoTime(`${activity}.expires_at`)} as expires_at,
    ${activity}.likes_count, ${activity}.replies_count, ${activity}.reposts_count,
    ${activity}.reply_to_activity_uuid`;
}

/**
 * Returns SQL that selects the live replies of an activity as whole rows, newest first. `between` is `=` for
 * which the planner reads the index in order up to the limit, even in a thread of a million replies: for `=`
 * it may expect a short thread and sort all of it.
 */
export function selectReplies(
  activity: string,
  { where = 'true', limit }: { where?: string; limit: string },
) {
  return `
    select ${activityColumns('ra', 'ru')}, json '[]' as replies
    from (
      select * from activities h
      where h.reply_to_activity_uuid between ${activity}.uuid and ${activity}.uuid
        and ${isLive('h')} and ${where}
      order by h.reply_to_activity_uuid, h.created_at desc, h.uuid desc
      limit ${limit}
    ) ra
    join users ru on ru.uuid = ra.user_uuid`;
}

/**
 * Returns SQL that selects whole `Activity` rows, newest first, each with its newest replies. `rows` is a
 * query on table `activities`.
 */
export function selectActivities(rows: string, { replies }: { readonly replies: number }): string {
  return `
    select ${activityColumns('a', 'u')}, coalesce(r.replies, '[]') as replies
    from (${rows}) a
    join users u on u.uuid = a.user_uuid
    left join lateral (
      select json_agg(reply order by reply.created_at, reply.uuid) as replies
      from (${selectReplies('a', { limit: String(replies) })}) reply
    ) r on true
    order by a.created_at desc, a.uuid desc`;
}
