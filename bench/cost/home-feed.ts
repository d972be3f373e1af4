import type { Activity } from '../../src/activities/activity.ts';

/** The rows of the feed in every variant, so that SQL is not measured. */
export const homeFeed: Activity[] = Array.from({ length: 3 }, (_, index) => ({
  uuid: `68f126b0-1ceb-4a33-88be-d90fa7109ee${index}`,
  display_name: 'Andrew Brown',
  handle: 'andrewbrown',
  message: 'Cloud is very fun!',
  created_at: '2026-11-20T08:00:00.000Z',
  expires_at: '2026-11-27T08:00:00.000Z',
  likes_count: 5,
  replies_count: 1,
  reposts_count: 0,
  reply_to_activity_uuid: null,
  replies: [],
}));

/** The service's response headers that Express does not set itself, with a trace id of the same length. */
export const responseHeaders = {
  'Cache-Control': 'private, no-cache',
  'content-security-policy': "default-src 'none';frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'strict-transport-security': 'max-age=31536000; includeSubDomains',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  Vary: 'Origin',
  traceresponse: '00-6b02b6cb90b26b679f81ff4f05a8849d-868efe0a6a0db1d3-00',
  'X-Amzn-Trace-Id': 'Root=1-6b02b6cb-90b26b679f81ff4f05a8849d',
};
