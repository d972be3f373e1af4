import { beforeAll, describe, expect, test } from 'vitest';
import { useApp } from '../helpers/app/app.ts';
import { pagesOf } from '../helpers/pages.ts';

const MAX_BYTES = 3_000_000;
const LARGEST_ROW_BYTES = 140_000;
const POSTS = 105;

const app = useApp();
const run = (text: string) => app.database.query<{ uuid: string }>({ summary: 'INSERT', text });
const posts: string[] = [];

/** The largest texts that the tables take: JSON writes U+0001 with six bytes. */
beforeAll(async () => {
  await run(`update users set display_name = repeat(chr(1), 4 * 50)`);
  const rows = await run(`
    with posts as (
      insert into activities (user_uuid, message, created_at, expires_at)
      select uuid, '@andrewbrown' || repeat(chr(1), 4 * 277), now() - n * interval '1 ms', now() + interval '1 h'
      from users, generate_series(1, ${POSTS}) n where handle = 'worf'
      returning *
    ), notified as (
      insert into notifications (user_uuid, activity_uuid, created_at, expires_at)
      select u.uuid, p.uuid, p.created_at, p.expires_at from users u, posts p where u.handle = 'andrewbrown'
    ), replies as (
      insert into activities (user_uuid, message, reply_to_activity_uuid)
      select p.user_uuid, repeat(chr(1), 4 * 1024), p.uuid from posts p, generate_series(1, 5)
    )
    select uuid from posts`);
  posts.push(...rows.map(({ uuid }) => uuid));
  await run(`
    with conversation as (select * from message_groups limit 1)
    insert into messages (message_group_uuid, user_uuid, message)
    select uuid, first_user_uuid, repeat(chr(1), 4 * 1024) from conversation, generate_series(1, 100)`);
});

describe('a list of the largest rows', () => {
  test.each([
    ['/api/activities/home?limit=100', 2],
    ['/api/activities/@worf?limit=100', 2],
    ['/api/activities/notifications?limit=100', 2],
    ['/api/activities/search?term=andrewbrown&limit=100', 2],
  ])('%s has pages of at most 3 MB, and all rows once', async (path, minPages) => {
    const pages = await pagesOf(app.get, path);
    const sizes = pages.map(({ headers }) => Number(headers['content-length']));
    expect(sizes[0]).toBeGreaterThan(0.95 * MAX_BYTES);
    for (const size of sizes) expect(size).toBeLessThanOrEqual(MAX_BYTES);
    expect((sizes[0] ?? 0) / pages[0]?.body.length).toBeLessThan(LARGEST_ROW_BYTES);
    expect(pages.length).toBeGreaterThanOrEqual(minPages);
    const uuids = pages.flatMap(({ body }) => body.map(({ uuid }: { uuid: string }) => uuid));
    expect(new Set(uuids).size).toBe(uuids.length);
    expect(uuids).toEqual(expect.arrayContaining(posts));
  });

  test('needs no second page where rows are small enough', async () => {
    const { body, headers } = await app.get('/api/messages/@worf?limit=100').expect(200);
    expect(body).toHaveLength(100);
    expect(Number(headers['content-length'])).toBeLessThan(MAX_BYTES);
  });
});

describe('the tables', () => {
  test.each([
    ['a name of 51 code points', `update users set display_name = repeat('🚀', 51) where handle = 'worf'`],
    [
      'a message of 281 code points',
      `insert into activities (user_uuid, message) select uuid, repeat('🚀', 281) from users limit 1`,
    ],
    [
      'a reply of 1025 code points',
      `insert into activities (user_uuid, message, reply_to_activity_uuid)
      select user_uuid, repeat('🚀', 1025), uuid from activities where reply_to_activity_uuid is null limit 1`,
    ],
    [
      'a direct message of 1025 code points',
      `insert into messages (message_group_uuid, user_uuid, message)
      select uuid, first_user_uuid, repeat('🚀', 1025) from message_groups limit 1`,
    ],
  ])('take no %s, which would make a row larger', async (_what, text) => {
    await expect(run(text)).rejects.toMatchObject({ code: '23514' });
  });
});
