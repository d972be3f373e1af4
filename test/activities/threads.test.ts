import { beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { Activity } from '../../src/activities/activity.ts';
import { createActivityStore } from '../../src/activities/store.ts';
import { useApp } from '../helpers/app/app.ts';
import { matching } from '../helpers/app/matching.ts';
import { clearActivities, insertActivity } from '../helpers/database/rows.ts';
import { pagesOf } from '../helpers/pages.ts';

const UNKNOWN = '00000000-0000-4000-8000-000000000000';
const EXPIRED = { createdAt: `now() - interval '2 h'`, expiresAt: `now() - interval '1 ms'` };

const app = useApp({ kind: 'embedded' });

beforeEach(() => clearActivities(app.database));

const list = async (path: string) =>
  matching(z.array(Activity), (await app.get(`/api/activities/${path}`).expect(200)).body);
const show = async (uuid: string) =>
  matching(Activity, (await app.get(`/api/activities/${uuid}`).expect(200)).body);
const reply = (uuid: string, message: string) => app.post(`/api/activities/${uuid}/reply`, { message });
const texts = (activities: readonly { message: string }[]) => activities.map(({ message }) => message);
const numbers = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => String(from + index));

/** Creates an activity that mentions the demo user, with replies numbered from 1. */
async function thread(replies: number): Promise<string> {
  const store = createActivityStore(app.database);
  const { uuid } = await store.create({ handle: 'worf', message: 'top @andrewbrown', ttlMs: 3_600_000 });
  for (const message of numbers(1, replies))
    await store.createReply({ handle: 'garek', message, replyTo: uuid });
  return uuid;
}

describe('the replies of an activity', () => {
  test('in a list are the newest 5, oldest first; replies_count counts all', async () => {
    await thread(7);
    for (const path of ['home', '@worf', 'search?term=top', 'notifications']) {
      const [top] = await list(path);
      expect(top?.replies_count).toBe(7);
      expect(texts(top?.replies ?? [])).toEqual(numbers(3, 7));
    }
  });

  test('on its own are the newest 20, oldest first', async () => {
    const top = await show(await thread(23));
    expect(top.replies_count).toBe(23);
    expect(texts(top.replies)).toEqual(numbers(4, 23));
  });

  test('have pages, newest first, without duplicates or gaps', async () => {
    const uuid = await thread(23);
    for (const [query, sizes] of [
      ['', [20, 3]],
      ['?limit=10', [10, 10, 3]],
      ['?limit=23', [23]],
    ] as const) {
      const pages = await pagesOf(app.get, `/api/activities/${uuid}/replies${query}`);
      const rows = pages.map(({ body }) => matching(z.array(Activity), body));
      expect(rows.map(({ length }) => length)).toEqual(sizes);
      expect(texts(rows.flat())).toEqual(numbers(1, 23).reverse());
      expect(rows.flat().every((row) => row.reply_to_activity_uuid === uuid)).toBe(true);
    }
  });

  test('are an empty list for an activity without any, and for a reply', async () => {
    const uuid = await thread(1);
    const [only] = await list(`${uuid}/replies`);
    expect(await list(`${only?.uuid}/replies`)).toEqual([]);
    expect(await list(`${await thread(0)}/replies`)).toEqual([]);
  });

  test.each([UNKNOWN, 'not-a-uuid', 'home', 'search', 'notifications', '@worf', '%00'])(
    'are a 404 for %s',
    async (uuid) => {
      const response = await app.get(`/api/activities/${uuid}/replies`);
      expect(response.status).toBe(404);
      expect(response.type).toBe('application/problem+json');
    },
  );

  test('take limit and before as every list', async () => {
    const uuid = await thread(0);
    expect((await app.get(`/api/activities/${uuid}/replies?limit=101`).expect(422)).body).toEqual([
      'limit_invalid',
    ]);
    expect((await app.get(`/api/activities/${uuid}/replies?before=x`).expect(422)).body).toEqual([
      'before_invalid',
    ]);
  });
});

describe('a reply to a reply', () => {
  test('joins the thread of the top-level activity', async () => {
    const uuid = await thread(1);
    const [first] = (await show(uuid)).replies;
    const second = matching(Activity, (await reply(first?.uuid ?? '', 'second').expect(200)).body);
    expect(second.reply_to_activity_uuid).toBe(uuid);
    const third = matching(Activity, (await reply(second.uuid, 'third').expect(200)).body);
    expect(third.reply_to_activity_uuid).toBe(uuid);
    const top = await show(uuid);
    expect(top.replies_count).toBe(3);
    expect(texts(top.replies)).toEqual(['1', 'second', 'third']);
    expect(await show(second.uuid)).toMatchObject({ replies_count: 0, replies: [] });
  });

  test('notifies the authors of the thread and of the reply, each once and never the own author', async () => {
    const store = createActivityStore(app.database);
    const { uuid } = await store.create({ handle: 'worf', message: 'top', ttlMs: 3_600_000 });
    const first = await store.createReply({ handle: 'andrewbrown', message: 'first', replyTo: uuid });
    const answer = (handle: string, message: string) =>
      store.createReply({ handle, message, replyTo: first?.uuid ?? '' });
    await answer('garek', 'by garek, to @worf and @andrewbrown');
    await answer('worf', 'by worf');
    await answer('andrewbrown', 'by andrewbrown');
    const notified = await app.database.query({
      summary: 'SELECT notifications',
      text: `select u.handle, a.message from notifications n
        join users u on u.uuid = n.user_uuid join activities a on a.uuid = n.activity_uuid
        order by u.handle, a.created_at, a.uuid`,
    });
    expect(notified).toEqual([
      { handle: 'andrewbrown', message: 'by garek, to @worf and @andrewbrown' },
      { handle: 'andrewbrown', message: 'by worf' },
      { handle: 'worf', message: 'first' },
      { handle: 'worf', message: 'by garek, to @worf and @andrewbrown' },
      { handle: 'worf', message: 'by andrewbrown' },
    ]);
    expect(texts(await list('notifications'))).toEqual(['by worf', 'by garek, to @worf and @andrewbrown']);
  });
});

describe('a reply in an expired thread', () => {
  test('is not shown, not listed, not repliable and not notified', async () => {
    const top = await insertActivity(app.database, { ...EXPIRED, handle: 'andrewbrown' });
    const one = await insertActivity(app.database, { replyTo: top, message: '@andrewbrown?' });
    await app.database.query({
      summary: 'INSERT notifications',
      text: `insert into notifications (user_uuid, activity_uuid, created_at)
        select u.uuid, a.uuid, a.created_at from users u, activities a
        where u.handle = 'andrewbrown' and a.uuid = $1`,
      values: [one],
    });
    for (const uuid of [top, one]) {
      await app.get(`/api/activities/${uuid}`).expect(404);
      await app.get(`/api/activities/${uuid}/replies`).expect(404);
      await reply(uuid, 'too late').expect(404);
    }
    expect(await list('notifications')).toEqual([]);
    const [counted] = await app.database.query({
      summary: 'SELECT activities',
      text: 'select count(*)::integer as rows, sum(replies_count)::integer as replies from activities',
    });
    expect(counted).toEqual({ rows: 2, replies: 0 });
  });
});
