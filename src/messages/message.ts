import { z } from 'zod';
import { DisplayName, Handle, Timestamp, Uuid } from '../http/schemas.ts';

const fields = {
  uuid: Uuid,
  display_name: DisplayName,
  handle: Handle,
  message: z.string().meta({ example: 'Cloud is fun!' }),
  created_at: Timestamp,
};

/** A direct message; `display_name` and `handle` are those of the sender. */
export const Message = z.object(fields).meta({ id: 'Message' });
export type Message = z.infer<typeof Message>;

/** A conversation; `display_name` and `handle` are those of the other user, `message` is the latest one. */
export const MessageGroup = z.object(fields).meta({ id: 'MessageGroup' });
export type MessageGroup = z.infer<typeof MessageGroup>;
