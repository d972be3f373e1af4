import { beforeEach, describe, expect, it } from 'vitest';
import { createActivityStore } from '../../src/activities/store.ts';
import { createNotificationStore } from '../../src/notifications/store.ts';
import { DATABASE_KINDS, useDatabase } from '../helpers/database/databases.ts';
import { clearActivities } from '../helpers/database/rows.ts';

const firstPage = { limit: 100, before: undefined };
const ttlMs = 3_600_000;

describe.each(DATABASE_KINDS)('the notifications in %s', (kind) => {
  const db = useDatabase(kind);
  const activities = () => createActivityStore(db.database);
  const post = (handle: string, message: string) => activities().create({ handle, message, ttlMs });
  const reply = (handle: string, message: string, replyTo: string) =>
    activities().createReply({ handle, message, replyTo });
  const notificationsOf = async (handle: string) => {
    const { rows } = await createNotificationStore(db.database).forHandle(handle, firstPage);
    return rows.map(({ message }) => message);
  };

  beforeEach(() => clearActivities(db.database));

  it('are mentions by other users, newest first', async () => {
    await post('londo', 'Greetings, @worf.');
    await post('garek', '@WORF, may I measure your sleeve?');
    await post('bayko', 'Nobody told worf@enterprise.example');
    expect(await notificationsOf('worf')).toEqual(['@WORF, may I measure your sleeve?', 'Greetings, @worf.']);
  });

  it('are replies by other users', async () => {
    const { uuid } = await post('worf', 'I am out of prune juice');
    await reply('londo', 'Try brivari', uuid);
    expect(await notificationsOf('worf')).toEqual(['Try brivari']);
    expect(await notificationsOf('londo')).toEqual([]);
  });

  it('list an activity once, even if it is both a reply and a mention', async () => {
    const { uuid } = await post('worf', 'Who wants a duel?');
    await reply('londo', '@worf not me, @worf', uuid);
    expect(await notificationsOf('worf')).toEqual(['@worf not me, @worf']);
  });

  it('omit the own activities of the user', async () => {
    const { uuid } = await post('worf', 'I am @worf');
    await reply('worf', 'Yes, @worf', uuid);
    expect(await notificationsOf('worf')).toEqual([]);
  });

  it('reach all mentioned users, and ignore unknown handles', async () => {
    await post('andrewbrown', '@worf @garek @nobody');
    expect(await notificationsOf('worf')).toEqual(['@worf @garek @nobody']);
    expect(await notificationsOf('garek')).toEqual(['@worf @garek @nobody']);
    expect(await notificationsOf('nobody')).toEqual([]);
  });

  it('show a mention with its replies', async () => {
    const { uuid } = await post('londo', '@worf!');
    await reply('garek', 'How loud.', uuid);
    const { rows } = await createNotificationStore(db.database).forHandle('worf', firstPage);
    expect(rows).toMatchObject([{ message: '@worf!', replies: [{ message: 'How loud.' }] }]);
  });

  it('disappear when the activity expires', async () => {
    const { uuid } = await post('londo', 'Quick, @worf!');
    await db.database.query({
      summary: 'UPDATE activities',
      text: `update activities set expires_at = now(), created_at = now() - interval '1 h' where uuid = $1`,
      values: [uuid],
    });
    await expect.poll(() => notificationsOf('worf')).toEqual([]);
  });

  it('have pages', async () => {
    for (const number of [1, 2, 3]) await post('londo', `${number} @worf`);
    const store = createNotificationStore(db.database);
    const first = await store.forHandle('worf', { limit: 2, before: undefined });
    const second = await store.forHandle('worf', { limit: 2, before: first.next });
    expect([...first.rows, ...second.rows].map(({ message }) => message)).toEqual([
      '3 @worf',
      '2 @worf',
      '1 @worf',
    ]);
    expect(second.next).toBeUndefined();
  });
});
