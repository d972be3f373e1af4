import { ATTR_APP_RESULT_LENGTH } from '../observability/attributes.ts';
import { traced } from '../observability/traced.ts';
import type { MessageGroup } from './message.ts';
import type { MessageStore } from './store.ts';

/** Returns the conversations of the current user, latest first. */
export function messageGroups(store: MessageStore, handle: string): Promise<MessageGroup[]> {
  return traced('message-groups', {}, async (span) => {
    const groups = await store.groups(handle);
    span.setAttributes({ [ATTR_APP_RESULT_LENGTH]: groups.length });
    return groups;
  });
}
