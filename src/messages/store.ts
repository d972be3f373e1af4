import { hasRow, type NullRow } from '../db/left-join-row.ts';
import { type Page, type PageRequest, pageValues, toPage } from '../db/paging.ts';
import type { Queryable } from '../db/query.ts';
import { UnknownDemoUser } from '../db/unknown-demo-user.ts';
import type { Message, MessageGroup } from './message.ts';
import { INSERT_MESSAGE, SELECT_MESSAGE_GROUPS, SELECT_MESSAGES } from './message-queries.ts';

export interface NewMessage {
  readonly senderHandle: string;
  readonly receiverHandle: string;
  readonly message: string;
}

export interface MessageStore {
  /** Lists the conversations of the handle, latest first. */
  groups(handle: string, page: PageRequest): Promise<Page<MessageGroup>>;
  /**
   * Returns the latest page between the two, oldest message first; `next` leads to older messages. Resolves
   * with undefined if `other` is unknown.
   */
  between(handle: string, other: string, page: PageRequest): Promise<Page<Message> | undefined>;
  /**
   * Stores the message; the first one creates the conversation. Resolves with undefined if the receiver is
   * unknown. Rejects with `UnknownDemoUser` if the sender is unknown.
   */
  create(message: NewMessage): Promise<Message | undefined>;
}

/** Creates the store of direct messages. */
export function createMessageStore(database: Queryable): MessageStore {
  return {
    async groups(handle, page) {
      const values = [handle, ...pageValues(page)];
      return toPage(await database.query<MessageGroup>({ ...SELECT_MESSAGE_GROUPS, values }), page);
    },

    async between(handle, other, page) {
      const values = [handle, other, ...pageValues(page)];
      const rows = await database.query<Message | NullRow>({ ...SELECT_MESSAGES, values });
      if (rows.length === 0) return undefined;
      const { rows: newestFirst, next } = toPage(rows.filter(hasRow), page);
      return { rows: newestFirst.reverse(), next };
    },

    async create({ senderHandle, receiverHandle, message }) {
      const values = [senderHandle, receiverHandle, message];
      const [written] = await database.query<Message | NullRow>({ ...INSERT_MESSAGE, values });
      if (written === undefined) throw new UnknownDemoUser(senderHandle);
      return hasRow(written) ? written : undefined;
    },
  };
}
