import { codePoints } from '../http/schemas.ts';
import { NotFound } from '../lib/errors.ts';
import { ATTR_APP_ACTIVITY_UUID, ATTR_APP_MESSAGE_LENGTH } from '../observability/attributes.ts';
import { traced } from '../observability/traced.ts';
import type { Activity } from './activity.ts';
import type { ActivityStore, NewReply } from './store.ts';

/** Replies to an activity as the current user. Rejects with `NotFound` if it is missing or expired. */
export function createReply(
  activities: ActivityStore,
  { handle, replyTo, message }: NewReply,
): Promise<Activity> {
  const attributes = {
    [ATTR_APP_MESSAGE_LENGTH]: codePoints(message),
  };
  return traced('create-reply', attributes, async (span) => {
    const reply = await activities.createReply({ handle, message, replyTo });
    if (reply === undefined) throw new NotFound('There is no such activity, or it has expired.');
    span.setAttributes({ [ATTR_APP_ACTIVITY_UUID]: reply.uuid });
    return reply;
  });
}
