import { isLive, selectActivities } from './activity-sql.ts';

// Parameters: the handle, uuid or term if the query has one; then, for lists, the values of `pageValues`.

const SUMMARY = 'SELECT activities';

export const SELECT_HOME_FEED = {
  summary: SUMMARY,
  text: selectActivities(`
    select * from activities h
    where h.reply_to_activity_uuid is null and ${isLive('h')} and (h.created_at, h.uuid) < ($1, $2)
    order by h.created_at desc, h.uuid desc
    limit $3`),
};

/** Returns one row of nulls for a user without activities, and no row for an unknown handle. */
export const SELECT_USER_ACTIVITIES = {
  summary: SUMMARY,
  text: `select posts.* from users owner left join lateral (${selectActivities(`
    select * from activities h
    where h.user_uuid = owner.uuid and h.reply_to_activity_uuid is null and ${isLive('h')}
      and (h.created_at, h.uuid) < ($2, $3)
    order by h.created_at desc, h.uuid desc
    limit $4`)}) posts on true
    where owner.handle = lower($1) order by posts.created_at desc, posts.uuid desc`,
};

export const SEARCH_ACTIVITIES = {
  summary: SUMMARY,
  text: selectActivities(`
    select * from activities h
    where h.words @@ words_query($1) and h.reply_to_activity_uuid is null and ${isLive('h')}
      and (h.created_at, h.uuid) < ($2, $3)
    order by h.created_at desc, h.uuid desc
    limit $4`),
};

export const SELECT_ACTIVITY = {
  summary: SUMMARY,
  text: selectActivities(`select * from activities h where h.uuid = $1 and ${isLive('h')}`),
};
