import type { Activity } from '../activities/activity.ts';
import type { Page, PageRequest } from '../http/page.ts';

export interface NotificationStore {
  /** Unexpired activities of other people that mention `@handle` or reply to an activity of theirs, newest first. */
  forHandle(handle: string, page: PageRequest): Promise<Page<Activity>>;
}
