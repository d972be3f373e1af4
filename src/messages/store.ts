import type { Database } from '../db/database.ts';
import { hasRow, type NullRow } from '../db/left-join-row.ts';
import { type Page, type PageRequest, pageValues, toPage } from '../db/paging.ts';
import { UnknownDemoUser } from '../db/unknown-demo-user.ts';
import type { Message, MessageGroup } from './message.ts';
import { INSERT_MESSAGE, SELECT_MESSAGE_GROUPS, SELECT_MESSAGES } from './message-queries.ts';

export interface NewMessage {
  readonly senderHandle: string;
  readonly receiverHandle: string;
  readonly message: string;
}

export interface MessageStore {
  /** One a conversation of the handle, latest first. */
  groups(handle: string): Promise<MessageGroup[]>;
  /** The latest page between the two, its rows oldest first; `next` leads to older ones. `undefined`: unknown `other`. */
  between(handle: string, other: string, page: PageRequest): Promise<Page<Message> | undefined>;
  /**
   * Stores the message and makes the conversation at the first one. `undefined`: unknown receiver. Rejects with
   * `UnknownActingUser` when nobody has the sender's handle.
   */
  create(message: NewMessage): Promise<Message | undefined>;
}

export function createMessageStore(database: Database): MessageStore {
  return {
    groups: (handle) => database.query({ ...SELECT_MESSAGE_GROUPS, values: [handle] }),

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
