import { codePoints, storedHandle } from '../http/schemas.ts';
import { NotFound } from '../lib/errors.ts';
import { ATTR_APP_MESSAGE_LENGTH, ATTR_APP_USER_HANDLE } from '../observability/attributes.ts';
import { traced } from '../observability/traced.ts';
import type { Message } from './message.ts';
import type { MessageStore, NewMessage } from './store.ts';

/** Sends a message as the current user. Rejects with `NotFound` if the receiver is unknown. */
export function createMessage(store: MessageStore, message: NewMessage): Promise<Message> {
  const attributes = {
    [ATTR_APP_MESSAGE_LENGTH]: codePoints(message.message),
  };
  return traced('create-message', attributes, async (span) => {
    const sent = await store.create(message);
    if (sent === undefined) throw new NotFound('Nobody has this handle.');
    span.setAttributes({ [ATTR_APP_USER_HANDLE]: storedHandle(message.receiverHandle) });
    return sent;
  });
}
