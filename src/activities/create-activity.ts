import { codePoints } from '../http/schemas.ts';
import {
  ATTR_APP_ACTIVITY_UUID,
  ATTR_APP_MESSAGE_LENGTH,
  ATTR_APP_TTL,
} from '../observability/attributes.ts';
import { traced } from '../observability/traced.ts';
import type { Activity } from './activity.ts';
import type { ActivityStore } from './store.ts';
import { TTL_MS, type Ttl } from './ttl.ts';

/** Posts an activity as the current user. */
export function createActivity(
  activities: ActivityStore,
  { handle, message, ttl }: { readonly handle: string; readonly message: string; readonly ttl: Ttl },
): Promise<Activity> {
  const attributes = {
    [ATTR_APP_MESSAGE_LENGTH]: codePoints(message),
    [ATTR_APP_TTL]: ttl,
  };
  return traced('create-activity', attributes, async (span) => {
    const activity = await activities.create({
      handle,
      message,
      ttlMs: TTL_MS[ttl],
    });
    span.setAttributes({ [ATTR_APP_ACTIVITY_UUID]: activity.uuid });
    return activity;
  });
}
