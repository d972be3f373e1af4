import { isLive, selectActivities } from '../activities/activity-sql.ts';

/** Mentions of a user and replies to their activities. Parameters: handle, then those of `pageValues`. */
export const SELECT_NOTIFICATIONS = {
  summary: 'SELECT activities',
  text: selectActivities(`
    select h.* from notifications n join activities h on h.uuid = n.activity_uuid
    where n.user_uuid = (select uuid from users where handle = lower($1)) and ${isLive('h')}
      and (n.created_at, n.activity_uuid) < ($2, $3)
    order by n.created_at desc, n.activity_uuid desc
    limit $4`),
};
