import type { Page, PageRequest } from '../http/page.ts';
import type { Message, MessageGroup } from './message.ts';

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
  /** Stores the message and makes the conversation at the first one. `undefined`: unknown receiver. */
  create(message: NewMessage): Promise<Message | undefined>;
}
