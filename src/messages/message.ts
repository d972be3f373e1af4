import { z } from 'zod';

const time = z.iso.datetime({ offset: false, precision: 3 }).meta({ example: '2026-11-22T08:43:19.000Z' });

/** A direct message; `display_name` and `handle` are the sender's. */
export const Message = z
  .object({
    uuid: z.uuid(),
    display_name: z.string(),
    handle: z.string(),
    message: z.string(),
    created_at: time,
  })
  .meta({ id: 'Message' });
export type Message = z.infer<typeof Message>;

/** A conversation; `display_name` and `handle` are the other person's, `message` is the latest. */
export const MessageGroup = z
  .object({
    uuid: z.uuid(),
    display_name: z.string(),
    handle: z.string(),
    message: z.string(),
    created_at: time,
  })
  .meta({ id: 'MessageGroup' });
export type MessageGroup = z.infer<typeof MessageGroup>;
