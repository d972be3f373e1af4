import type { Page, PageRequest } from '../db/paging.ts';
import { storedHandle } from '../http/schemas.ts';
import { NotFound } from '../lib/errors.ts';
import { ATTR_APP_USER_HANDLE } from '../observability/attributes.ts';
import { tracedPage } from '../observability/traced.ts';
import type { Message } from './message.ts';
import type { MessageStore } from './store.ts';

/** Returns a page of the messages between two users. Rejects with `NotFound` if `other` is unknown. */
export function messages(
  store: MessageStore,
  { handle, other }: { readonly handle: string; readonly other: string },
  page: PageRequest,
): Promise<Page<Message>> {
  return tracedPage('messages', page, {}, async (span) => {
    const conversation = await store.between(handle, other, page);
    if (conversation === undefined) throw new NotFound('Nobody has this handle.');
    span.setAttributes({ [ATTR_APP_USER_HANDLE]: storedHandle(other) });
    return conversation;
  });
}
