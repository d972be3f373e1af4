import type { Activity } from '../activities/activity.ts';
import type { Database } from '../db/database.ts';
import { type Page, type PageRequest, pageValues, toPage } from '../db/paging.ts';
import { SELECT_NOTIFICATIONS } from './notification-queries.ts';

export interface NotificationStore {
  /** Lists unexpired activities that mention `@handle` or reply to one of their activities, newest first. */
  forHandle(handle: string, page: PageRequest): Promise<Page<Activity>>;
}

/** Creates the store. Notifications are created when an activity is written (`activity-writes.ts`). */
export function createNotificationStore(database: Database): NotificationStore {
  return {
    async forHandle(handle, page) {
      const values = [handle, ...pageValues(page)];
      return toPage(await database.query<Activity>({ ...SELECT_NOTIFICATIONS, values }), page);
    },
  };
}
