import { isoTime } from '../db/paging.ts';

/** The most replies of one activity that an answer holds: its latest. `replies_count` always counts all. */
const MAX_REPLIES = 1000;

/** Whether the activity is still shown: it expires at `expires_at`, not after it. Worded as in the indexes. */
export function isLive(activity: string): string {
  return `coalesce(${activity}.expires_at, 'infinity') > now()`;
}

/** The columns of an Activity, but for `replies`, of an activity and its author. */
export function activityColumns(activity: string, author: string): string {
  return `${activity}.uuid, ${author}.display_name, ${author}.handle, ${activity}.message,
    ${isoTime(`${activity}.created_at`)} as created_at, ${isoTime(`${activity}.expires_at`)} as expires_at,
    ${activity}.likes_count, ${activity}.replies_count, ${activity}.reposts_count,
    ${activity}.reply_to_activity_uuid`;
}

/** Shapes whole Activities, newest first, from `rows`: a query of rows of the table `activities`. */
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
