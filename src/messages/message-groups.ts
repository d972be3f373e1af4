import { ATTR_APP_RESULT_LENGTH } from '../observability/attributes.ts';
import { traced } from '../observability/traced.ts';
import type { MessageGroup } from './message.ts';
import type { MessageStore } from './store.ts';

/** The conversations of the acting user. */
export function messageGroups(store: MessageStore, handle: string): Promise<MessageGroup[]> {
  return traced('message-groups', {}, async (scope) => {
    const groups = await store.groups(handle);
    scope.setAttributes({ [ATTR_APP_RESULT_LENGTH]: groups.length });
    return groups;
  });
}
