import type { Page, PageRequest } from '../db/paging.ts';
import { NotFound } from '../lib/errors.ts';
import { ATTR_APP_ACTIVITY_UUID } from '../observability/attributes.ts';
import { tracedPage } from '../observability/traced.ts';
import type { Activity } from './activity.ts';
import type { ActivityStore } from './store.ts';

/** Returns a page of the replies to an activity. Rejects with `NotFound` if it is missing or expired. */
export function activityReplies(
  activities: ActivityStore,
  uuid: string,
  page: PageRequest,
): Promise<Page<Activity>> {
  return tracedPage('activity-replies', page, { [ATTR_APP_ACTIVITY_UUID]: uuid }, async () => {
    const replies = await activities.replies(uuid, page);
    if (replies === undefined) throw new NotFound('There is no such activity, or it has expired.');
    return replies;
  });
}
