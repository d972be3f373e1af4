import type { Page, PageRequest } from '../db/paging.ts';
import type { Logger } from '../observability/logging/logger.ts';
import { tracedPage } from '../observability/traced.ts';
import type { Activity } from './activity.ts';
import type { ActivityStore } from './store.ts';

/** Returns a page of the home feed, which is the same for all users. */
export function homeActivities(
  { activities, logger }: { readonly activities: ActivityStore; readonly logger: Logger },
  page: PageRequest,
): Promise<Page<Activity>> {
  return tracedPage('home-activities', page, {}, () => {
    logger.info('HomeActivities');
    return activities.home(page);
  });
}
