import type { Page, PageRequest } from '../db/paging.ts';
import { tracedPage } from '../observability/traced.ts';
import type { MessageGroup } from './message.ts';
import type { MessageStore } from './store.ts';

/** Returns a page of the conversations of the current user, latest first. */
export function messageGroups(
  store: MessageStore,
  handle: string,
  page: PageRequest,
): Promise<Page<MessageGroup>> {
  return tracedPage('message-groups', page, {}, () => store.groups(handle, page));
}
