import type { Activity } from '../activities/activity.ts';
import type { Page, PageRequest } from '../db/paging.ts';
import { tracedPage } from '../observability/traced.ts';
import type { NotificationStore } from './store.ts';

/** Returns a page of the activities that mention the current user or reply to them. */
export function notifications(
  store: NotificationStore,
  handle: string,
  page: PageRequest,
): Promise<Page<Activity>> {
  return tracedPage('notifications', page, {}, () => store.forHandle(handle, page));
}
