import { z } from 'zod';

const time = z.iso.datetime({ offset: false, precision: 3 }).meta({ example: '2026-11-22T08:43:19.000Z' });
const count = z.int().nonnegative();

const post = z.object({
  uuid: z.uuid(),
  display_name: z.string(),
  handle: z.string(),
  message: z.string(),
  created_at: time,
  expires_at: time.nullable(),
  likes_count: count,
  replies_count: count,
  reposts_count: count,
  reply_to_activity_uuid: z.uuid().nullable(),
});

/** A post, or a reply to one, as clients see it. */
export const Activity = post
  .extend({ replies: z.array(post.extend({ replies: z.array(z.never()) })) })
  .meta({ id: 'Activity' });
export type Activity = z.infer<typeof Activity>;
