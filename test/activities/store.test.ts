import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Activity } from '../../src/activities/activity.ts';
import { createActivityStore } from '../../src/activities/store.ts';
import { TTL_MS } from '../../src/activities/ttl.ts';
import type { Database } from '../../src/db/database.ts';
import type { Page, PageRequest } from '../../src/db/paging.ts';
import { UnknownDemoUser } from '../../src/db/unknown-demo-user.ts';
import { DATABASE_KINDS, useDatabase } from '../helpers/database/databases.ts';
import { clearActivities, insertActivity } from '../helpers/database/rows.ts';

const firstPage = { limit: 100, before: undefined };
const messages = ({ rows }: Page<Activity>) => rows.map(({ message }) => message);

/** Reads all rows of a list, page by page. */
async function readAll(limit: number, list: (page: PageRequest) => Promise<Page<Activity> | undefined>) {
  const rows: Activity[] = [];
  let before: PageRequest['before'];
  do {
    const page = await list({ limit, before });
    expect(page?.rows.length).toBeLessThanOrEqual(limit);
    rows.push(...(page?.rows ?? []));
    before = page?.next;
  } while (before !== undefined);
  return rows;
}

describe.each(DATABASE_KINDS)('the activities in %s', (kind) => {
  const db = useDatabase(kind);
  const store = () => createActivityStore(db.database);

  beforeEach(() => clearActivities(db.database));

  describe('the home feed', () => {
    it('is empty without activities', async () => {
      expect(await store().home(firstPage)).toEqual({ rows: [], next: undefined });
    });

    it('has the activities of all users, newest first', async () => {
      await insertActivity(db.database, { message: 'old', createdAt: `now() - interval '2 s'` });
      await insertActivity(db.database, {
        message: 'older',
        createdAt: `now() - interval '3 s'`,
        handle: 'londo',
      });
      await insertActivity(db.database, {
        message: 'new',
        createdAt: `now() - interval '1 s'`,
        handle: 'bayko',
      });
      expect(messages(await store().home(firstPage))).toEqual(['new', 'old', 'older']);
    });

    it('omits an activity from the millisecond of its expiry', async () => {
      await db.database.transaction(async (connection) => {
        await insertActivity(connection, {
          message: 'now',
          createdAt: `now() - interval '1 s'`,
          expiresAt: `date_trunc('milliseconds', now())`,
        });
        await insertActivity(connection, { message: 'later', expiresAt: `now() + interval '2 ms'` });
        await insertActivity(connection, { message: 'never' });
        const inside = createActivityStore({ ...db.database, query: connection.query } as Database);
        expect(messages(await inside.home(firstPage)).toSorted()).toEqual(['later', 'never']);
      });
    });

    it('has the unexpired replies of each activity, oldest first', async () => {
      const parent = await insertActivity(db.database);
      const reply = (message: string, age: string, expiresAt = 'null') =>
        insertActivity(db.database, {
          message,
          expiresAt,
          createdAt: `now() - interval '${age}'`,
          replyTo: parent,
        });
      await reply('second', '1 s');
      const first = await reply('first', '2 s');
      await reply('expired', '3 s', `now() - interval '1 s'`);
      await insertActivity(db.database, { message: 'reply to the reply', replyTo: first });
      const { rows } = await store().home(firstPage);
      expect(rows).toHaveLength(1);
      expect(rows[0]?.replies.map(({ message }) => message)).toEqual(['first', 'second']);
    });

    it('has pages without duplicates or gaps, despite equal times and concurrent writes', async () => {
      const written = await Promise.all(
        Array.from({ length: 23 }, (_, index) =>
          insertActivity(db.database, { createdAt: `timestamptz '2026-01-01' + interval '${index % 3} ms'` }),
        ),
      );
      const read = await readAll(5, async (page) => {
        await insertActivity(db.database, { message: 'meanwhile' });
        return store().home(page);
      });
      const uuids = read.filter(({ message }) => message !== 'meanwhile').map(({ uuid }) => uuid);
      expect(uuids.toSorted()).toEqual(written.toSorted());
      const keys = read.map(({ created_at, uuid }) => `${created_at} ${uuid}`);
      expect(keys).toEqual(keys.toSorted().reverse());
    });

    it('has no next page when the last page is full', async () => {
      await Promise.all([1, 2, 3].map(() => insertActivity(db.database)));
      expect((await store().home({ limit: 3, before: undefined })).next).toBeUndefined();
      expect((await store().home({ limit: 2, before: undefined })).next).toBeDefined();
    });
  });

  describe('the activities of a user', () => {
    it('are the top-level activities of that user only', async () => {
      const parent = await insertActivity(db.database, { handle: 'worf', message: 'mine' });
      await insertActivity(db.database, { handle: 'worf', message: 'my reply', replyTo: parent });
      await insertActivity(db.database, { handle: 'londo', message: 'not mine' });
      const page = await store().byHandle('worf', firstPage);
      expect(page && messages(page)).toEqual(['mine']);
    });

    it('are empty for a user without activities, and undefined for an unknown handle', async () => {
      expect(await store().byHandle('garek', firstPage)).toEqual({ rows: [], next: undefined });
      expect(await store().byHandle('nobody', firstPage)).toBeUndefined();
    });

    it('are found with the handle in any case', async () => {
      expect(await store().byHandle('WORF', firstPage)).toBeDefined();
    });

    it('have pages', async () => {
      await Promise.all(Array.from({ length: 7 }, () => insertActivity(db.database)));
      expect(await readAll(2, (page) => store().byHandle('worf', page))).toHaveLength(7);
    });
  });

  describe('one activity', () => {
    it('is found with its replies; a reply is found too', async () => {
      const parent = await insertActivity(db.database);
      const reply = await insertActivity(db.database, { replyTo: parent });
      expect(await store().find(parent)).toMatchObject({ replies: [{ uuid: reply }] });
      expect(await store().find(reply)).toMatchObject({ reply_to_activity_uuid: parent, replies: [] });
    });

    it('is not found when it does not exist or has expired', async () => {
      const expired = await insertActivity(db.database, {
        createdAt: `now() - interval '2 s'`,
        expiresAt: `now() - interval '1 s'`,
      });
      expect(await store().find(expired)).toBeUndefined();
      expect(await store().find('00000000-0000-4000-8000-000000000000')).toBeUndefined();
    });
  });

  describe('writing', () => {
    it.each(Object.entries(TTL_MS))('gives an activity a lifetime of exactly %s', async (_name, ttlMs) => {
      const created = await store().create({ handle: 'worf', message: 'Qapla’!', ttlMs });
      expect(Date.parse(created.expires_at ?? '') - Date.parse(created.created_at)).toBe(ttlMs);
      expect(await store().find(created.uuid)).toEqual(created);
    });

    it('stores any text unchanged', async () => {
      const text = fc
        .string({ unit: 'binary', minLength: 1, maxLength: 280 })
        .filter((value) => !value.includes('\0'));
      await fc.assert(
        fc.asyncProperty(text, async (message) => {
          const { uuid } = await store().create({ handle: 'worf', message, ttlMs: 3_600_000 });
          expect((await store().find(uuid))?.message).toBe(message);
        }),
        { numRuns: 50 },
      );
    });

    it('counts all of many concurrent replies', async () => {
      const replyTo = await insertActivity(db.database);
      const replies = await Promise.all(
        Array.from({ length: 40 }, (_, index) =>
          store().createReply({ handle: 'londo', message: `reply ${index}`, replyTo }),
        ),
      );
      const parent = await store().find(replyTo);
      expect(parent?.replies_count).toBe(40);
      const listed = await store().replies(replyTo, firstPage);
      expect(listed?.rows.map(({ uuid }) => uuid).toSorted()).toEqual(
        replies.map((reply) => reply?.uuid ?? '').toSorted(),
      );
    });

    it('stores no reply to a missing or expired activity', async () => {
      const expired = await insertActivity(db.database, {
        createdAt: `now() - interval '2 s'`,
        expiresAt: `now() - interval '1 s'`,
      });
      for (const replyTo of [expired, '00000000-0000-4000-8000-000000000000']) {
        expect(await store().createReply({ handle: 'worf', message: 'too late', replyTo })).toBeUndefined();
      }
      const rows = await db.database.query({
        summary: 'SELECT activities',
        text: 'select replies_count from activities',
      });
      expect(rows).toEqual([{ replies_count: 0 }]);
    });

    it('rejects with the handle of a missing demo user, and stores nothing', async () => {
      const replyTo = await insertActivity(db.database);
      const nobody = { handle: 'nobody', message: 'I am not here' };
      await expect(store().create({ ...nobody, ttlMs: 1000 })).rejects.toThrow(/@nobody .*DEMO_USER_HANDLE/);
      await expect(store().createReply({ ...nobody, replyTo })).rejects.toThrow(UnknownDemoUser);
      const { rows } = await store().home(firstPage);
      expect(rows).toMatchObject([{ uuid: replyTo, replies_count: 0, replies: [] }]);
    });
  });
});
