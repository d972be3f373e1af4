import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Activity } from '../../src/activities/activity.ts';
import { TTL_MS } from '../../src/activities/ttl.ts';
import { useApp } from '../helpers/app/app.ts';
import { matching } from '../helpers/app/matching.ts';

const FIRST = '68f126b0-1ceb-4a33-88be-d90fa7109eee';

const app = useApp({ kind: 'embedded' });

const post = (body: object) => app.post('/api/activities', body);
const reply = (body: object, uuid = FIRST) => app.post(`/api/activities/${uuid}/reply`, body);

/** Generates texts of exactly `length` code points of one to four bytes, including combining ones. */
const textOf = (length: number) =>
  fc
    .array(fc.constantFrom('a', ' ', '\n', 'é', '́', '漢', '🚀', '‍', '"', '\\', '\u2028', '\ufffe'), {
      minLength: length,
      maxLength: length,
    })
    .map((points) => points.join(''));

describe('POST /api/activities', () => {
  test.each(Object.entries(TTL_MS))('creates an activity with a lifetime of exactly %s', async (ttl, ms) => {
    const response = await post({ message: `for ${ttl}`, ttl }).expect(200);
    const created = matching(Activity, response.body);
    expect(created).toMatchObject({
      handle: 'andrewbrown',
      message: `for ${ttl}`,
      replies: [],
      replies_count: 0,
    });
    expect(Date.parse(created.expires_at ?? '') - Date.parse(created.created_at)).toBe(ms);
    const read = await app.get(`/api/activities/${created.uuid}`).expect(200);
    expect(read.body).toEqual(created);
  });

  test.each([undefined, null, '', '2-days', '1-Day', ' 1-day', 'constructor', 7, true, {}, ['1-day']])(
    'ttl %j is ttl_blank',
    async (ttl) => {
      const response = await post({ message: 'a', ttl });
      expect(response.status).toBe(422);
      expect(response.body).toEqual(['ttl_blank']);
    },
  );
});

describe.each([
  ['POST /api/activities', 280, (message: unknown) => post({ message, ttl: '1-day' })],
  ['POST /api/activities/{uuid}/reply', 1024, (message: unknown) => reply({ message })],
] as const)('%s', (_route, max, send) => {
  test.each([undefined, null, '', 0, 42, true, {}, [], ['a'], { length: 5 }])(
    'message %j is message_blank',
    async (message) => {
      const response = await send(message);
      expect(response.status).toBe(422);
      expect(response.body).toEqual(['message_blank']);
    },
  );

  test(`accepts any text of ${max} code points unchanged, and rejects one more`, async () => {
    await fc.assert(
      fc.asyncProperty(textOf(max), async (message) => {
        const taken = await send(message);
        expect(taken.status).toBe(200);
        expect(taken.body.message).toBe(message);
        const refused = await send(`${message}a`);
        expect(refused.status).toBe(422);
        expect(refused.body).toEqual(['message_exceed_max_chars']);
      }),
      { numRuns: 10 },
    );
  });

  test.each(['\0', 'a\0b', '\ud800', 'a\udc00', '\udc00\ud800'])(
    'a text that cannot be stored is a 400: %j',
    async (message) => {
      const response = await send(message);
      expect(response.status).toBe(400);
      expect(response.type).toBe('application/problem+json');
    },
  );

  test.each([' ', '\t\n', '\u200b', 'null', "'; drop table users; --"])(
    'does not trim the text: %j',
    async (message) => {
      expect((await send(message).expect(200)).body.message).toBe(message);
    },
  );
});

test('the code of the message takes precedence over that of the ttl', async () => {
  expect((await post({}).expect(422)).body).toEqual(['message_blank']);
  expect((await post({ message: 'a'.repeat(281), ttl: 'x' }).expect(422)).body).toEqual([
    'message_exceed_max_chars',
  ]);
});

describe('POST /api/activities/{uuid}/reply', () => {
  test('creates a reply, which becomes the last reply of the activity', async () => {
    const before = (await app.get(`/api/activities/${FIRST}`)).body;
    const created = matching(Activity, (await reply({ message: 'Qapla’!' }).expect(200)).body);
    expect(created).toMatchObject({ handle: 'andrewbrown', reply_to_activity_uuid: FIRST, replies: [] });
    const after = (await app.get(`/api/activities/${FIRST}`)).body;
    expect(after.replies.at(-1)).toEqual(created);
    expect(after.replies_count).toBe(before.replies_count + 1);
  });

  test.each(['00000000-0000-0000-0000-000000000000', 'not-a-uuid', '%00'])(
    'is a 404 for %s',
    async (uuid) => {
      const response = await reply({ message: 'a' }, uuid);
      expect(response.status).toBe(404);
    },
  );

  test('stores nothing when it rejects a request', async () => {
    const count = async () =>
      (
        await app.database.query<{ n: string }>({
          summary: 'COUNT',
          text: 'select count(*) as n from activities',
        })
      )[0]?.n;
    const before = await count();
    await reply({ message: '' }).expect(422);
    await reply({ message: 'a\0' }).expect(400);
    await reply({ message: 'a' }, '00000000-0000-0000-0000-000000000000').expect(404);
    await post({ message: 'a', ttl: '' }).expect(422);
    expect(await count()).toBe(before);
  });
});
