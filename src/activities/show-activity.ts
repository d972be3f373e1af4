import { NotFound } from '../lib/errors.ts';
import { ATTR_APP_ACTIVITY_UUID, ATTR_APP_RESULT_LENGTH } from '../observability/attributes.ts';
import { traced } from '../observability/traced.ts';
import type { Activity } from './activity.ts';
import type { ActivityStore } from './store.ts';

/** Returns one activity with its replies. Rejects with `NotFound` if it is missing or expired. */
export function showActivity(activities: ActivityStore, uuid: string): Promise<Activity> {
  const attributes = { [ATTR_APP_ACTIVITY_UUID]: uuid };
  return traced('show-activity', attributes, async (span) => {
    const activity = await activities.find(uuid);
    if (activity === undefined) throw new NotFound('There is no such activity, or it has expired.');
    span.setAttributes({ [ATTR_APP_RESULT_LENGTH]: 1 });
    return activity;
  });
}
