import type { Page, PageRequest } from '../db/paging.ts';
import { NotFound } from '../lib/errors.ts';
import {
  ATTR_APP_PAGE_LIMIT,
  ATTR_APP_RESULT_LENGTH,
  ATTR_APP_USER_HANDLE,
} from '../observability/attributes.ts';
import { traced } from '../observability/traced.ts';
import type { Message } from './message.ts';
import type { MessageStore } from './store.ts';

/** Returns a page of the messages between two users. Rejects with `NotFound` if `other` is unknown. */
export function messages(
  store: MessageStore,
  { handle, other }: { readonly handle: string; readonly other: string },
  page: PageRequest,
): Promise<Page<Message>> {
  const attributes = { [ATTR_APP_PAGE_LIMIT]: page.limit };
  return traced('messages', attributes, async (scope) => {
    const conversation = await store.between(handle, other, page);
    if (conversation === undefined) throw new NotFound('Nobody has this handle.');
    scope.setAttributes({
      [ATTR_APP_USER_HANDLE]: other,
      [ATTR_APP_RESULT_LENGTH]: conversation.rows.length,
    });
    scope.setMetadata('page', { before: page.before, next: conversation.next });
    return conversation;
  });
}
