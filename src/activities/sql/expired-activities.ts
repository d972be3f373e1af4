import { isLive } from './activity-sql.ts';

/**
 * Deletes a batch of expired activities. Parameters: the number of rows, and the time of expiry to start
 * from. A thread goes after its replies, so that no statement deletes a whole thread. Locked rows are
 * skipped: a reply that is being written finishes first. A reply with an expiry of its own leaves the count
 * of its thread.
 *
 * The planner would read all of a long thread for `=` instead of `between`, or the whole table if a few
 * threads have most of its rows; and the threads of other activities for `not exists`.
 */
export const DELETE_EXPIRED_ACTIVITIES = {
  summary: 'DELETE activities',
  text: `
    with expired as materialized (
      select uuid, expires_at from activities
      where expires_at <= now() and expires_at >= $2
      order by expires_at
      limit $1
      for update skip locked
    ), replies as materialized (
      select reply.uuid
      from expired
      cross join lateral (
        select uuid from activities r
        where r.reply_to_activity_uuid between expired.uuid and expired.uuid
        order by r.reply_to_activity_uuid, r.created_at desc, r.uuid desc
        limit $1
        for update skip locked
      ) reply
      limit $1
    ), deleted as (
      delete from activities
      where uuid in (
        select uuid from replies
        union all
        select uuid from expired
        where (
          select r.uuid from activities r
          where r.reply_to_activity_uuid between expired.uuid and expired.uuid
          order by r.reply_to_activity_uuid, r.created_at desc, r.uuid desc
          limit 1
        ) is null
      )
      returning reply_to_activity_uuid
    ), counted as (
      update activities t set replies_count = t.replies_count - gone.replies
      from (
        select reply_to_activity_uuid as uuid, count(*)::integer as replies from deleted group by 1
      ) gone
      where t.uuid = gone.uuid and ${isLive('t')}
    )
    select count(*)::integer as deleted, (select min(expires_at) from expired) as next_from from deleted`,
};
