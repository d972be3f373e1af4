import { isoTime } from '../db/paging.ts';

/** Maximum number of replies per activity in a response, the latest ones. `replies_count` counts all. */
const MAX_REPLIES = 1000;

/** Returns the SQL condition that an activity has not expired; the same expression as in the indexes. */
export function isLive(activity: string): string {
  return `coalesce(${activity}.expires_at, 'infinity') > now()`;
}

/** Returns the columns of an `Activity` except `replies`, for the aliases of an activity and its author. */
export function activityColumns(activity: string, author: string): string {
  return `${activity}.uuid, ${author}.display_name, ${author}.handle, ${activity}.message,
    ${isoTime(`${activity}.created_at`)} as created_at, ${isoTime(`${activity}.expires_at`)} as expires_at,
    ${activity}.likes_count, ${activity}.replies_count, ${activity}.reposts_count,
    ${activity}.reply_to_activity_uuid`;
}

/** Returns SQL that selects whole `Activity` rows, newest first. `rows` is a query on table `activities`. */
export function selectActivities(rows: string): string {
  return `
    select ${activityColumns('a', 'u')}, coalesce(r.replies, '[]') as replies
    from (${rows}) a
    join users u on u.uuid = a.user_uuid
    left join lateral (
      select json_agg(reply order by reply.created_at, reply.uuid) as replies
      from (
        select ${activityColumns('ra', 'ru')}, json '[]' as replies
        from activities ra
        join users ru on ru.uuid = ra.user_uuid
        where ra.reply_to_activity_uuid = a.uuid and ${isLive('ra')}
        order by ra.created_at desc, ra.uuid desc
        limit ${MAX_REPLIES}
      ) reply
    ) r on true
    order by a.created_at desc, a.uuid desc`;
}
