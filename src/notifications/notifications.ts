import type { Activity } from '../activities/activity.ts';
import type { Page, PageRequest } from '../db/paging.ts';
import { ATTR_APP_PAGE_LIMIT, ATTR_APP_RESULT_LENGTH } from '../observability/attributes.ts';
import { traced } from '../observability/traced.ts';
import type { NotificationStore } from './store.ts';

/** Returns a page of the activities that mention the current user or reply to them. */
export function notifications(
  store: NotificationStore,
  handle: string,
  page: PageRequest,
): Promise<Page<Activity>> {
  const attributes = { [ATTR_APP_PAGE_LIMIT]: page.limit };
  return traced('notifications', attributes, async (scope) => {
    const found = await store.forHandle(handle, page);
    scope.setAttributes({ [ATTR_APP_RESULT_LENGTH]: found.rows.length });
    scope.setMetadata('page', { before: page.before, next: found.next });
    return found;
  });
}
