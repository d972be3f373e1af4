import type { Activity } from '../activities/activity.ts';
import type { AppContext } from '../context.ts';
import type { Page, PageRequest } from '../db/paging.ts';
import { ATTR_APP_PAGE_LIMIT, ATTR_APP_RESULT_LENGTH } from '../observability/attributes.ts';
import { traced } from '../observability/traced.ts';

/** What mentions the acting user or replies to them. */
export function notifications(
  { notifications: store, config }: AppContext,
  page: PageRequest,
): Promise<Page<Activity>> {
  const attributes = { [ATTR_APP_PAGE_LIMIT]: page.limit };
  return traced('notifications', attributes, async (scope) => {
    const found = await store.forHandle(config.demoUserHandle, page);
    scope.setAttributes({ [ATTR_APP_RESULT_LENGTH]: found.rows.length });
    scope.setMetadata('page', { before: page.before, next: found.next });
    return found;
  });
}
