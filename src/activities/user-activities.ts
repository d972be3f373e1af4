import type { Page, PageRequest } from '../db/paging.ts';
import { storedHandle } from '../http/schemas.ts';
import { NotFound } from '../lib/errors.ts';
import { ATTR_APP_USER_HANDLE } from '../observability/attributes.ts';
import { tracedPage } from '../observability/traced.ts';
import type { Activity } from './activity.ts';
import type { ActivityStore } from './store.ts';

/** Returns a page of one user's activities. Rejects with `NotFound` if the handle is unknown. */
export function userActivities(
  activities: ActivityStore,
  handle: string,
  page: PageRequest,
): Promise<Page<Activity>> {
  return tracedPage('user-activities', page, {}, async (span) => {
    const posts = await activities.byHandle(handle, page);
    if (posts === undefined) throw new NotFound('Nobody has this handle.');
    // Set only now: an unknown handle could be any text from the caller.
    span.setAttributes({ [ATTR_APP_USER_HANDLE]: storedHandle(handle) });
    return posts;
  });
}
