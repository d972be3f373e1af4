import { describe, expect, it } from 'vitest';
import { createActivityStore } from '../../src/activities/store.ts';
import { migrate } from '../../src/db/migrations.ts';
import { seedDemoData } from '../../src/demo/seed.ts';
import { createMessageStore } from '../../src/messages/store.ts';
import { createNotificationStore } from '../../src/notifications/store.ts';
import { DATABASE_KINDS, useDatabase } from '../helpers/database/databases.ts';

const HOUR_MS = 3_600_000;
const firstPage = { limit: 20, before: undefined };

describe.each(DATABASE_KINDS)('the demo data, %s', (kind) => {
  const db = useDatabase(kind, { empty: true });

  it('exists once after several processes seeded at the same time', async () => {
    await migrate(db.database);
    await Promise.all([1, 2, 3].map(() => seedDemoData(db.database)));
    const { rows } = await createActivityStore(db.database).home(firstPage);
    expect(rows.map(({ uuid, handle, message }) => [uuid, handle, message])).toEqual([
      ['248959df-3079-4947-b847-9e0892d1bab4', 'garek', 'My dear doctor, I am just simple tailor'],
      [expect.any(String), 'londo', expect.stringContaining('@andrewbrown')],
      ['68f126b0-1ceb-4a33-88be-d90fa7109eee', 'andrewbrown', 'Cloud is very fun!'],
      ['66e12864-8c26-4c3a-9658-95a10f8fea67', 'worf', 'I am out of prune juice'],
    ]);
    const [, , first] = rows;
    expect(first).toMatchObject({
      display_name: 'Andrew Brown',
      likes_count: 5,
      replies_count: 1,
      replies: [
        {
          uuid: '26e12864-1c26-5c3a-9658-97a10f8fea67',
          handle: 'worf',
          message: 'This post has no honor!',
          expires_at: null,
          reply_to_activity_uuid: '68f126b0-1ceb-4a33-88be-d90fa7109eee',
          replies: [],
        },
      ],
    });
  });

  it('has times relative to now, refreshed by each seeding', async () => {
    await db.database.query({
      summary: 'UPDATE activities',
      text: `update activities
        set created_at = now() - interval '1 year', expires_at = now() - interval '1 day'`,
    });
    const store = createActivityStore(db.database);
    expect((await store.home(firstPage)).rows).toEqual([]);
    const before = Date.now();
    await seedDemoData(db.database);
    const { rows } = await store.home(firstPage);
    const hours = rows.map(({ created_at, expires_at }) => [
      Math.round((before - Date.parse(created_at)) / HOUR_MS),
      Math.round((Date.parse(expires_at ?? '') - before) / HOUR_MS),
    ]);
    expect(hours).toEqual([
      [1, 12],
      [24, 144],
      [48, 120],
      [168, 216],
    ]);
  });

  it('keeps the replies of users', async () => {
    const store = createActivityStore(db.database);
    const replyTo = '248959df-3079-4947-b847-9e0892d1bab4';
    await Promise.all([
      store.createReply({ handle: 'bayko', message: 'Sure.', replyTo }),
      seedDemoData(db.database),
    ]);
    expect(await store.find(replyTo)).toMatchObject({ replies_count: 1, replies: [{ message: 'Sure.' }] });
  });

  it('notifies Andrew Brown of a reply and a mention', async () => {
    const { rows } = await createNotificationStore(db.database).forHandle('andrewbrown', firstPage);
    expect(rows.map(({ handle }) => handle)).toEqual(['londo', 'worf']);
  });

  it('gives Andrew Brown two conversations', async () => {
    const store = createMessageStore(db.database);
    const { rows: groups } = await store.groups('andrewbrown', firstPage);
    expect(groups.map(({ display_name, handle, message }) => [display_name, handle, message])).toEqual([
      ['Worf', 'worf', 'This platform is great!'],
      ['Andrew Bayko', 'bayko', expect.any(String)],
    ]);
    const page = await store.between('andrewbrown', 'worf', firstPage);
    expect(page?.rows.map(({ message }) => message)).toEqual(['Cloud is fun!', 'This platform is great!']);
  });
});
