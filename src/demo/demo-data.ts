/** The demo users. */
export const DEMO_USERS = [
  { handle: 'andrewbrown', display_name: 'Andrew Brown' },
  { handle: 'worf', display_name: 'Worf' },
  { handle: 'garek', display_name: 'Garek' },
  { handle: 'bayko', display_name: 'Andrew Bayko' },
  { handle: 'londo', display_name: 'Londo Mollari' },
] as const;

/**
 * The demo activities. `age` and `left` (remaining lifetime) are PostgreSQL intervals relative to the time of
 * seeding.
 */
export const DEMO_ACTIVITIES = [
  {
    uuid: '68f126b0-1ceb-4a33-88be-d90fa7109eee',
    handle: 'andrewbrown',
    message: 'Cloud is very fun!',
    age: '48 hours',
    left: '120 hours',
    likes_count: 5,
  },
  {
    uuid: '26e12864-1c26-5c3a-9658-97a10f8fea67',
    handle: 'worf',
    message: 'This post has no honor!',
    age: '48 hours',
    reply_to_activity_uuid: '68f126b0-1ceb-4a33-88be-d90fa7109eee',
  },
  {
    uuid: '66e12864-8c26-4c3a-9658-95a10f8fea67',
    handle: 'worf',
    message: 'I am out of prune juice',
    age: '168 hours',
    left: '216 hours',
  },
  {
    uuid: '248959df-3079-4947-b847-9e0892d1bab4',
    handle: 'garek',
    message: 'My dear doctor, I am just simple tailor',
    age: '1 hour',
    left: '12 hours',
  },
  {
    uuid: '5d1b2f7c-6a0e-4c51-9a57-3f0b8f2f4d10',
    handle: 'londo',
    message: '@andrewbrown my shoes are too tight, and I have forgotten how to dance',
    age: '24 hours',
    left: '144 hours',
  },
] as const;

/** The demo messages, from `handle` to `to`. */
export const DEMO_MESSAGES = [
  {
    uuid: 'b7a7a9d2-3c1e-4a5b-8f0e-1d2c3b4a5f60',
    handle: 'andrewbrown',
    to: 'worf',
    message: 'Cloud is fun!',
    age: '2 hours',
  },
  {
    uuid: 'c8b8bae3-4d2f-4b6c-9a1f-2e3d4c5b6a71',
    handle: 'worf',
    to: 'andrewbrown',
    message: 'This platform is great!',
    age: '1 hour',
  },
  {
    uuid: 'd9c9cbf4-5e30-4c7d-8b20-3f4e5d6c7b82',
    handle: 'bayko',
    to: 'andrewbrown',
    message: 'Did you see the new dashboards?',
    age: '24 hours',
  },
] as const;
