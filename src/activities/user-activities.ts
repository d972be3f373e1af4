import type { Page, PageRequest } from '../db/paging.ts';
import { NotFound } from '../lib/errors.ts';
import {
  ATTR_APP_PAGE_LIMIT,
  ATTR_APP_RESULT_LENGTH,
  ATTR_APP_USER_HANDLE,
} from '../observability/attributes.ts';
import { traced } from '../observability/traced.ts';
import type { Activity } from './activity.ts';
import type { ActivityStore } from './store.ts';

/** Returns a page of one user's activities. Rejects with `NotFound` if the handle is unknown. */
export function userActivities(
  activities: ActivityStore,
  handle: string,
  page: PageRequest,
): Promise<Page<Activity>> {
  const attributes = { [ATTR_APP_PAGE_LIMIT]: page.limit };
  return traced('user-activities', attributes, async (scope) => {
    const posts = await activities.byHandle(handle, page);
    if (posts === undefined) throw new NotFound('Nobody has this handle.');
    // Set only now: an unknown handle could be any text from the caller.
    scope.setAttributes({ [ATTR_APP_USER_HANDLE]: handle, [ATTR_APP_RESULT_LENGTH]: posts.rows.length });
    scope.setMetadata('page', { before: page.before, next: posts.next });
    return posts;
  });
}
