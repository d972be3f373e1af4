import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { Activity } from '../../src/activities/activity.ts';
import { useApp } from '../helpers/app/app.ts';
import { matching } from '../helpers/app/matching.ts';
import { pagesOf } from '../helpers/pages.ts';

const FIRST = '68f126b0-1ceb-4a33-88be-d90fa7109eee';
const REPLY = '26e12864-1c26-5c3a-9658-97a10f8fea67';

const app = useApp({ kind: 'embedded' });

function activities(body: unknown): Activity[] {
  return matching(z.array(Activity), body);
}

/** Follows `Link` to the last page. */
async function pages(path: string): Promise<Activity[][]> {
  return (await pagesOf(app.get, path)).map(({ body }) => activities(body));
}

describe('GET /api/activities/home', () => {
  test('returns top-level activities, newest first, with replies', async () => {
    const feed = activities((await app.get('/api/activities/home').expect(200)).body);
    const times = feed.map(({ created_at }) => created_at);
    expect(times).toEqual(times.toSorted().reverse());
    expect(feed.every(({ reply_to_activity_uuid }) => reply_to_activity_uuid === null)).toBe(true);
    const first = feed.find(({ uuid }) => uuid === FIRST);
    expect(first).toMatchObject({
      display_name: 'Andrew Brown',
      handle: 'andrewbrown',
      message: 'Cloud is very fun!',
      likes_count: 5,
      replies_count: 1,
      replies: [{ uuid: REPLY, handle: 'worf', reply_to_activity_uuid: FIRST, replies: [] }],
    });
  });

  test('logs HomeActivities', async () => {
    await app.get('/api/activities/home');
    expect(app.lines).toContainEqual({ level: 'info', message: 'HomeActivities', fields: {} });
  });

  test('has pages, linked by Link, without duplicates or gaps', async () => {
    const whole = activities((await app.get('/api/activities/home?limit=100')).body);
    for (const limit of [1, 2, 3]) {
      const paged = await pages(`/api/activities/home?limit=${limit}`);
      expect(paged.flat()).toEqual(whole);
      expect(paged.slice(0, -1).every((page) => page.length === limit)).toBe(true);
    }
  });

  test('has no Link on the last page', async () => {
    const { headers } = await app.get('/api/activities/home?limit=100');
    expect(headers).not.toHaveProperty('link');
  });
});

describe('GET /api/activities/@handle', () => {
  test('returns the activities of that user', async () => {
    const posts = activities((await app.get('/api/activities/@worf').expect(200)).body);
    expect(posts.length).toBeGreaterThan(0);
    expect(posts.every(({ handle }) => handle === 'worf')).toBe(true);
  });

  test.each([
    'nobody',
    'w0rf',
    'worf%00',
    'worf%20',
    '%F0%9F%9A%80',
    "worf'--",
    '%25',
    'a'.repeat(31),
    'a'.repeat(5000),
    // KELVIN SIGN, which some collations lower to k.
    'bay%E2%84%AAo',
  ])('is a 404 for an unknown handle: %s', async (handle) => {
    const response = await app.get(`/api/activities/@${handle}`);
    expect(response.status).toBe(404);
    expect(response.type).toBe('application/problem+json');
  });
});

describe('GET /api/activities/search', () => {
  test('ignores case', async () => {
    const found = activities(
      (await app.get('/api/activities/search').query({ term: 'CLOUD' }).expect(200)).body,
    );
    expect(found.map(({ uuid }) => uuid)).toContain(FIRST);
  });

  test('keeps the term and the limit in Link', async () => {
    for (let count = 0; count < 3; count += 1) {
      await app.post('/api/activities', { message: `Raktajino & Gagh ${count}`, ttl: '1-day' }).expect(200);
    }
    const { headers } = await app
      .get('/api/activities/search?term=raktajino%20%26%20gagh&limit=1')
      .expect(200);
    expect(headers.link).toMatch(/^<\?term=raktajino%20%26%20gagh&limit=1&before=[\w-]+>; rel="next"$/);
    const found = await pages('/api/activities/search?term=raktajino%20%26%20gagh&limit=1');
    expect(found.flat().map(({ message }) => message)).toEqual([2, 1, 0].map((n) => `Raktajino & Gagh ${n}`));
  });

  test('returns an empty list when nothing matches', async () => {
    expect((await app.get('/api/activities/search?term=zzzzqqqq').expect(200)).body).toEqual([]);
  });

  test.each(['', '?', '?term', '?term=', '?term=a&term=b', '?term[]=a', '?term=&limit=0'])(
    'is a 422 without exactly one non-empty term: %s',
    async (query) => {
      const response = await app.get(`/api/activities/search${query}`);
      expect(response.status).toBe(422);
      expect(response.body).toEqual(['search_term_blank']);
    },
  );

  test('is a 400 for a term that cannot be stored', async () => {
    const response = await app.get('/api/activities/search?term=a%00b');
    expect(response.status).toBe(400);
    expect(response.type).toBe('application/problem+json');
  });
});

describe('GET /api/activities/{uuid}', () => {
  test('returns one activity with its replies', async () => {
    const activity = matching(Activity, (await app.get(`/api/activities/${FIRST}`).expect(200)).body);
    expect(activity.replies.map(({ uuid }) => uuid)).toEqual([REPLY]);
    await app.get(`/api/activities/${FIRST.toUpperCase()}`).expect(200);
  });

  test.each([
    '00000000-0000-0000-0000-000000000000',
    'not-a-uuid',
    '68f126b0-1ceb-4a33-88be-d90fa7109ee',
    '{68f126b0-1ceb-4a33-88be-d90fa7109eee}',
    '@',
    '%00',
    'home%20',
  ])('is a 404 for %s', async (uuid) => {
    const response = await app.get(`/api/activities/${uuid}`);
    expect(response.status).toBe(404);
    expect(response.type).toBe('application/problem+json');
  });
});

describe('limit and before', () => {
  const paths = [
    '/api/activities/home',
    '/api/activities/notifications',
    '/api/activities/@worf',
    '/api/messages/@worf',
  ];

  test.each(['0', '101', '-1', '+5', '1e1', '5.0', ' 5', '05', '0x5', '٥', '', 'ten', '9'.repeat(400)])(
    'limit=%s is limit_invalid',
    async (limit) => {
      for (const path of paths) {
        const response = await app.get(path).query({ limit });
        expect(response.status).toBe(422);
        expect(response.body).toEqual(['limit_invalid']);
      }
    },
  );

  test.each(['limit=5&limit=5', 'limit', 'limit=5&limit=6&before=x'])(
    '%s is limit_invalid',
    async (query) => {
      expect((await app.get(`/api/activities/home?${query}`)).body).toEqual(['limit_invalid']);
    },
  );

  test.each(['1', '20', '100'])('limit=%s is accepted', async (limit) => {
    await app.get('/api/activities/home').query({ limit }).expect(200);
  });

  test.each([
    '',
    'x',
    '2026-11-22T08:43:19.000Z',
    'A'.repeat(29),
    `${'A'.repeat(29)}B`,
    '_'.repeat(30),
    'A'.repeat(8000),
    '\0',
  ])('before=%j is before_invalid', async (before) => {
    for (const path of paths) {
      const response = await app.get(path).query({ before });
      expect(response.status).toBe(422);
      expect(response.body).toEqual(['before_invalid']);
    }
  });

  test('any valid cursor is accepted, even before the first activity', async () => {
    expect(
      (
        await app
          .get('/api/activities/home')
          .query({ before: 'A'.repeat(30) })
          .expect(200)
      ).body,
    ).toEqual([]);
  });
});
