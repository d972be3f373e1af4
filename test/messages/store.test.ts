import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Cursor } from '../../src/db/paging.ts';
import { UnknownDemoUser } from '../../src/db/unknown-demo-user.ts';
import { createMessageStore, type NewMessage } from '../../src/messages/store.ts';
import { DATABASE_KINDS, useDatabase } from '../helpers/database/databases.ts';
import { ISO_TIME } from '../helpers/iso-time.ts';

const firstPage = { limit: 100, before: undefined };

describe.each(DATABASE_KINDS)('the messages in %s', (kind) => {
  const db = useDatabase(kind);
  const store = () => createMessageStore(db.database);
  const send = (senderHandle: string, receiverHandle: string, message = 'Hello') =>
    store().create({ senderHandle, receiverHandle, message });
  const groupsOf = async (handle: string) => (await store().groups(handle, firstPage)).rows;
  const count = async (table: string) => {
    const text = `select count(*)::integer as count from ${table}`;
    const [row] = await db.database.query<{ count: number }>({ summary: `SELECT ${table}`, text });
    return row?.count;
  };

  beforeEach(() =>
    db.database.query({ summary: 'DELETE message_groups', text: 'delete from message_groups' }),
  );

  it('are stored with the sender, and returned to the receiver', async () => {
    const sent = await send('andrewbrown', 'worf', 'Prune juice?');
    expect(sent).toEqual({
      uuid: expect.any(String),
      display_name: 'Andrew Brown',
      handle: 'andrewbrown',
      message: 'Prune juice?',
      created_at: ISO_TIME,
    });
    const page = await store().between('worf', 'andrewbrown', firstPage);
    expect(page).toEqual({ rows: [sent], next: undefined });
  });

  it('have any text unchanged', async () => {
    const text = fc
      .string({ unit: 'binary', minLength: 1, maxLength: 1024 })
      .filter((value) => !value.includes('\0'));
    await fc.assert(
      fc.asyncProperty(text, async (message) => {
        expect((await send('worf', 'garek', message))?.message).toBe(message);
        const latest = await store().between('garek', 'worf', { limit: 1, before: undefined });
        expect(latest?.rows[0]?.message).toBe(message);
      }),
      { numRuns: 50 },
    );
  });

  it('date their conversation, even when a replica of the version before writes them', async () => {
    await db.database.query({
      summary: 'INSERT messages',
      text: `
        with conversation as (
          insert into message_groups (first_user_uuid, second_user_uuid)
          select least(s.uuid, r.uuid), greatest(s.uuid, r.uuid)
          from users s, users r where s.handle = 'worf' and r.handle = 'garek'
          returning *
        ), written as (
          insert into messages (message_group_uuid, user_uuid, message)
          select uuid, first_user_uuid, 'Honor?' from conversation
          returning *
        )
        insert into message_group_users (message_group_uuid, user_uuid)
        select uuid, first_user_uuid from conversation union select uuid, second_user_uuid from conversation`,
    });
    expect(await groupsOf('garek')).toMatchObject([{ handle: 'worf', message: 'Honor?' }]);
  });

  it('of two users form one conversation, even if both send the first message at the same time', async () => {
    await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        index % 2 === 0 ? send('worf', 'garek') : send('garek', 'worf'),
      ),
    );
    expect(await count('message_groups')).toBe(1);
    expect(await count('message_group_users')).toBe(2);
    expect((await store().between('worf', 'garek', firstPage))?.rows).toHaveLength(20);
  });

  it('of several pairs can be sent at the same time', async () => {
    const people = ['andrewbrown', 'worf', 'garek', 'bayko', 'londo'];
    await Promise.all(people.flatMap((one) => people.map((other) => send(one, other))));
    const mine = await groupsOf('worf');
    expect(mine.map(({ handle }) => handle).toSorted()).toEqual(people.toSorted());
    expect(await count('message_groups')).toBe(15);
  });

  it('are listed oldest first, in pages without duplicates or gaps', async () => {
    const sent: string[] = [];
    for (let index = 0; index < 7; index += 1) {
      await send(index % 2 === 0 ? 'worf' : 'londo', index % 2 === 0 ? 'londo' : 'worf', `${index}`);
      sent.push(`${index}`);
    }
    const latest = await store().between('worf', 'londo', { limit: 3, before: undefined });
    const middle = await store().between('worf', 'londo', { limit: 3, before: latest?.next });
    const first = await store().between('worf', 'londo', { limit: 3, before: middle?.next });
    const read = [first, middle, latest].flatMap((page) => page?.rows.map(({ message }) => message));
    expect(read).toEqual(sent);
    expect(first?.next).toBeUndefined();
  });

  it('to another user are not shown', async () => {
    await send('worf', 'garek');
    expect(await store().between('worf', 'londo', firstPage)).toEqual({ rows: [], next: undefined });
    expect(await groupsOf('londo')).toEqual([]);
  });

  it('can be sent to oneself', async () => {
    await send('worf', 'worf', 'Note to self');
    expect(await groupsOf('worf')).toMatchObject([{ handle: 'worf', message: 'Note to self' }]);
    expect((await store().between('worf', 'worf', firstPage))?.rows).toHaveLength(1);
    expect((await store().between('nobody', 'worf', firstPage))?.rows).toEqual([]);
  });

  it('are grouped by the other user, with the latest message, latest first', async () => {
    await send('worf', 'garek', 'first');
    await send('londo', 'worf', 'second');
    // Conversations of the same millisecond are in the order of their uuids.
    await sleep(2);
    const latest = await send('garek', 'worf', 'third');
    expect(await groupsOf('worf')).toMatchObject([
      { display_name: 'Garek', handle: 'garek', message: 'third', created_at: latest?.created_at },
      { display_name: 'Londo Mollari', handle: 'londo', message: 'second' },
    ]);
  });

  it('have groups in pages without duplicates or gaps, while others are sent', async () => {
    await db.database.query({
      summary: 'INSERT users',
      text: `insert into users (handle, display_name) select 'pen_pal_' || n, n from generate_series(1, 12) n
        on conflict do nothing`,
    });
    const friends = Array.from({ length: 12 }, (_, index) => `pen_pal_${index + 1}`);
    await Promise.all(friends.map((friend) => send('worf', friend)));
    const read: string[] = [];
    let before: Cursor | undefined;
    do {
      const page = await store().groups('worf', { limit: 5, before });
      read.push(...page.rows.map(({ handle }) => handle));
      before = page.next;
      await send('worf', 'garek', 'meanwhile');
    } while (before !== undefined);
    expect(read.toSorted()).toEqual(friends.toSorted());
  });

  it('of several senders at the same time leave the time of the latest one', async () => {
    await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        index % 2 === 0 ? send('worf', 'garek') : send('garek', 'worf'),
      ),
    );
    const [latest] = (await store().between('worf', 'garek', firstPage))?.rows.slice(-1) ?? [];
    for (const handle of ['worf', 'garek']) {
      expect(await groupsOf(handle)).toMatchObject([{ created_at: latest?.created_at }]);
    }
  });

  it('with an unknown user are undefined', async () => {
    expect(await store().between('worf', 'nobody', firstPage)).toBeUndefined();
    expect(await groupsOf('nobody')).toEqual([]);
  });

  it.each<[string, NewMessage, RegExp | undefined]>([
    ['an unknown receiver', { senderHandle: 'worf', receiverHandle: 'nobody', message: 'Hello?' }, undefined],
    ['an unknown sender', { senderHandle: 'nobody', receiverHandle: 'worf', message: 'Hello?' }, /@nobody/],
  ])('with %s are not stored, and create no conversation', async (_what, message, failure) => {
    const created = store().create(message);
    if (failure === undefined) expect(await created).toBeUndefined();
    else await expect(created).rejects.toThrow(UnknownDemoUser);
    expect([await count('messages'), await count('message_groups')]).toEqual([0, 0]);
  });
});
