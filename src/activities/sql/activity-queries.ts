import { LISTED_REPLIES, SHOWN_REPLIES } from '../activity.ts';
import { isLive, isThreadLive, selectActivities, selectReplies } from './activity-sql.ts';
import { newestOfAllLifetimes } from './lifetimes.ts';

// Parameters: the handle, uuid or term if the query has one; then, for lists, the values of `pageValues`.

const SUMMARY = 'SELECT activities';

export const SELECT_HOME_FEED = {
  summary: SUMMARY,
  text: selectActivities(
    newestOfAllLifetimes(
      `
      select * from activities h
      where h.lifetime_class = class.id and h.created_at > class.since
        and h.reply_to_activity_uuid is null and ${isLive('h')} and (h.created_at, h.uuid) < ($1, $2)
      order by h.created_at desc, h.uuid desc`,
      '$3',
    ),
    { replies: LISTED_REPLIES },
  ),
};

/** Returns one row of nulls for a user without activities, and no row for an unknown handle. */
export const SELECT_USER_ACTIVITIES = {
  summary: SUMMARY,
  text: `select posts.* from users owner left join lateral (${selectActivities(
    newestOfAllLifetimes(
      `
      select * from activities h
      where h.user_uuid = owner.uuid and h.lifetime_class = class.id and h.created_at > class.since
        and h.reply_to_activity_uuid is null and ${isLive('h')} and (h.created_at, h.uuid) < ($2, $3)
      order by h.created_at desc, h.uuid desc`,
      '$4',
    ),
    { replies: LISTED_REPLIES },
  )}) posts on true
    where owner.handle = lower($1) order by posts.created_at desc, posts.uuid desc`,
};

export const SEARCH_ACTIVITIES = {
  summary: SUMMARY,
  text: selectActivities(
    `
    select * from activities h
    where h.words @@ words_query($1) and h.reply_to_activity_uuid is null and ${isLive('h')}
      and (h.created_at, h.uuid) < ($2, $3)
    order by h.created_at desc, h.uuid desc
    limit $4`,
    { replies: LISTED_REPLIES },
  ),
};

export const SELECT_ACTIVITY = {
  summary: SUMMARY,
  text: selectActivities(
    `select * from activities h where h.uuid = $1 and ${isLive('h')} and ${isThreadLive('h')}`,
    { replies: SHOWN_REPLIES },
  ),
};

/** Returns one row of nulls for an activity without replies, and no row if it is missing or expired. */
export const SELECT_REPLIES = {
  summary: SUMMARY,
  text: `select page.* from activities a left join lateral (${selectReplies('a', {
    where: '(h.created_at, h.uuid) < ($2, $3)',
    limit: '$4',
  })}) page on true
    where a.uuid = $1 and ${isLive('a')} and ${isThreadLive('a')}
    order by page.created_at desc, page.uuid desc`,
};
