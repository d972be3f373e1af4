import type { AppContext } from '../context.ts';
import { ATTR_APP_RESULT_LENGTH } from '../observability/attributes.ts';
import { traced } from '../observability/traced.ts';
import type { MessageGroup } from './message.ts';

/** The conversations of the acting user. */
export function messageGroups({ messages, config }: AppContext): Promise<MessageGroup[]> {
  return traced('message-groups', {}, async (scope) => {
    const groups = await messages.groups(config.demoUserHandle);
    scope.setAttributes({ [ATTR_APP_RESULT_LENGTH]: groups.length });
    return groups;
  });
}
