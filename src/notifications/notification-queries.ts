import { LISTED_REPLIES } from '../activities/activity.ts';
import { isLive, isThreadLive, selectActivities } from '../activities/sql/activity-sql.ts';
import { newestOfAllLifetimes } from '../activities/sql/lifetimes.ts';

/** Mentions of a user and replies to their activities. Parameters: handle, then those of `pageValues`. */
export const SELECT_NOTIFICATIONS = {
  summary: 'SELECT activities',
  text: selectActivities(
    newestOfAllLifetimes(
      `
      select h.* from notifications n join activities h on h.uuid = n.activity_uuid
      where n.user_uuid = (select uuid from users where handle = lower($1))
        and n.lifetime_class = class.id and n.created_at > class.since and ${isLive('n')}
        and (n.created_at, n.activity_uuid) < ($2, $3) and ${isLive('h')} and ${isThreadLive('h')}
      order by n.created_at desc, n.activity_uuid desc`,
      '$4',
    ),
    { replies: LISTED_REPLIES },
  ),
};
