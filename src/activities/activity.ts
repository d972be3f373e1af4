import { z } from 'zod';
import { DisplayName, Handle, Timestamp, Uuid } from '../http/schemas.ts';

const count = z.int().nonnegative();

/** The number of replies that a single activity carries: the first page of its list of replies. */
export const SHOWN_REPLIES = 20;

/** The number of replies that each activity of a list carries. `replies_count` counts all. */
export const LISTED_REPLIES = 5;

const post = z.object({
  uuid: Uuid,
  display_name: DisplayName,
  handle: Handle,
  message: z.string().meta({ example: 'Cloud is very fun!' }),
  created_at: Timestamp,
  expires_at: Timestamp.nullable().meta({ description: 'null if it never expires' }),
  likes_count: count,
  replies_count: count,
  reposts_count: count,
  reply_to_activity_uuid: Uuid.nullable().meta({
    description: 'The top-level activity of the thread; null if this is not a reply',
  }),
});

const Reply = post.extend({ replies: z.array(z.never()).length(0) }).meta({ id: 'Reply' });

/** A post or a reply in a response. `replies` of a reply is always empty. */
export const Activity = post
  .extend({
    replies: z
      .array(Reply)
      .max(SHOWN_REPLIES)
      .meta({
        description: `The newest ${SHOWN_REPLIES} replies, ${LISTED_REPLIES} in a list; oldest first`,
      }),
  })
  .meta({ id: 'Activity' });
export type Activity = z.infer<typeof Activity>;
