import type { AppContext } from '../context.ts';
import { codePoints } from '../http/schemas.ts';
import { NotFound } from '../lib/errors.ts';
import { ATTR_APP_MESSAGE_LENGTH, ATTR_APP_USER_HANDLE } from '../observability/attributes.ts';
import { traced } from '../observability/traced.ts';
import type { Message } from './message.ts';

/** Sends a message in the acting user's name. */
export function createMessage(
  { messages, config }: AppContext,
  receiverHandle: string,
  message: string,
): Promise<Message> {
  const attributes = {
    [ATTR_APP_MESSAGE_LENGTH]: codePoints(message),
  };
  return traced('create-message', attributes, async (scope) => {
    const sent = await messages.create({ senderHandle: config.demoUserHandle, receiverHandle, message });
    if (sent === undefined) throw new NotFound('Nobody has this handle.');
    scope.setAttributes({ [ATTR_APP_USER_HANDLE]: receiverHandle });
    return sent;
  });
}
