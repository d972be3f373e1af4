import type { Page, PageRequest } from '../db/paging.ts';
import { ATTR_APP_PAGE_LIMIT, ATTR_APP_RESULT_LENGTH } from '../observability/attributes.ts';
import type { Logger } from '../observability/logging/logger.ts';
import { traced } from '../observability/traced.ts';
import type { Activity } from './activity.ts';
import type { ActivityStore } from './store.ts';

/** Returns a page of the home feed, which is the same for all users. */
export function homeActivities(
  { activities, logger }: { readonly activities: ActivityStore; readonly logger: Logger },
  page: PageRequest,
): Promise<Page<Activity>> {
  const attributes = { [ATTR_APP_PAGE_LIMIT]: page.limit };
  return traced('home-activities', attributes, async (scope) => {
    logger.info('HomeActivities');
    const feed = await activities.home(page);
    scope.setAttributes({ [ATTR_APP_RESULT_LENGTH]: feed.rows.length });
    scope.setMetadata('page', { before: page.before, next: feed.next });
    return feed;
  });
}
