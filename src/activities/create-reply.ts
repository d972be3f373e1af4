import type { AppContext } from '../context.ts';
import { codePoints } from '../http/schemas.ts';
import { NotFound } from '../lib/errors.ts';
import { ATTR_APP_ACTIVITY_UUID, ATTR_APP_MESSAGE_LENGTH } from '../observability/attributes.ts';
import { traced } from '../observability/traced.ts';
import type { Activity } from './activity.ts';

/** Replies to an activity in the acting user's name. */
export function createReply(
  { activities, config }: AppContext,
  replyTo: string,
  message: string,
): Promise<Activity> {
  const attributes = {
    [ATTR_APP_MESSAGE_LENGTH]: codePoints(message),
  };
  return traced('create-reply', attributes, async (scope) => {
    const reply = await activities.createReply({ handle: config.demoUserHandle, message, replyTo });
    if (reply === undefined) throw new NotFound('There is no such activity, or it has expired.');
    scope.setAttributes({ [ATTR_APP_ACTIVITY_UUID]: reply.uuid });
    return reply;
  });
}
