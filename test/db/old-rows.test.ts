import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { createActivityStore } from '../../src/activities/store.ts';
import { migrate } from '../../src/db/migrations.ts';
import { createMessageStore } from '../../src/messages/store.ts';
import { createNotificationStore } from '../../src/notifications/store.ts';
import { DATABASE_KINDS, useDatabase } from '../helpers/database/databases.ts';

const FIRST_MIGRATION = join(import.meta.dirname, '../../src/db/migrations/001-tables.sql');
const firstPage = { limit: 20, before: undefined };

/** Uuids in order of creation. */
const id = (number: number) => `00000000-0000-7000-8000-00000000000${number}`;

/**
 * A chain of replies, rows that the API would not store, and an expiry that PostgreSQL 15 cannot subtract.
 */
const ROWS = `
  insert into users (uuid, handle, display_name) values
    ('${id(1)}', 'worf', repeat('w', 201)), ('${id(2)}', 'garek', 'Garek');
  insert into activities (uuid, user_uuid, message, reply_to_activity_uuid, replies_count, expires_at) values
    ('${id(1)}', '${id(1)}', repeat('🚀', 300), null, 1, 'infinity'),
    ('${id(2)}', '${id(2)}', repeat('a', 4097), '${id(1)}', 1, null),
    ('${id(3)}', '${id(1)}', 'third', '${id(2)}', 1, null),
    ('${id(4)}', '${id(2)}', 'fourth', '${id(3)}', 0, null);
  insert into activities (uuid, user_uuid, message, created_at, expires_at) values
    ('${id(5)}', '${id(1)}', 'gone', now() - interval '2 hours', now() - interval '1 hour');
  insert into activities (uuid, user_uuid, message, reply_to_activity_uuid) values
    ('${id(6)}', '${id(2)}', 'gone with it', '${id(5)}');
  insert into notifications (user_uuid, activity_uuid, created_at)
    select '${id(1)}', uuid, created_at from activities where user_uuid = '${id(2)}';
  insert into message_groups (uuid, first_user_uuid, second_user_uuid) values
    ('${id(1)}', '${id(1)}', '${id(2)}'), ('${id(2)}', '${id(1)}', '${id(1)}');
  insert into message_group_users (user_uuid, message_group_uuid) values
    ('${id(1)}', '${id(1)}'), ('${id(2)}', '${id(1)}'), ('${id(1)}', '${id(2)}');
  insert into messages (message_group_uuid, user_uuid, message, created_at) values
    ('${id(1)}', '${id(1)}', repeat('m', 4097), '2026-01-02'), ('${id(1)}', '${id(2)}', 'old', '2026-01-01');`;

describe.each(DATABASE_KINDS)('rows from before the bounds, in %s', (kind) => {
  const db = useDatabase(kind, { empty: true });
  const activities = () => createActivityStore(db.database);

  beforeAll(async () => {
    const run = (text: string) => db.database.query({ summary: 'MIGRATE', text });
    await run(await readFile(FIRST_MIGRATION, 'utf8'));
    await run(`create table schema_migrations
      (name text primary key, applied_at timestamptz not null default now())`);
    await run(`insert into schema_migrations (name) values ('001-tables.sql')`);
    await run(ROWS);
    expect(await migrate(db.database)).toContain('002-bounds-and-age.sql');
  });

  it('have their replies in one thread, and its count agrees', async () => {
    const top = await activities().find(id(1));
    expect(top?.replies.map(({ uuid }) => uuid)).toEqual([id(2), id(3), id(4)]);
    expect(top).toMatchObject({ replies_count: 3 });
    expect(top?.replies.map(({ replies_count }) => replies_count)).toEqual([0, 0, 0]);
    expect(top?.replies.every(({ reply_to_activity_uuid }) => reply_to_activity_uuid === id(1))).toBe(true);
  });

  it('are cut to the bounds', async () => {
    const top = await activities().find(id(1));
    expect(top?.message).toBe('🚀'.repeat(280));
    expect(top?.display_name).toBe('w'.repeat(50));
    expect(top?.replies[0]?.message).toBe('a'.repeat(1024));
  });

  it('are listed while they live', async () => {
    expect((await activities().home(firstPage)).rows.map(({ uuid }) => uuid)).toEqual([id(1)]);
    const { rows } = await createNotificationStore(db.database).forHandle('worf', firstPage);
    expect(rows.map(({ uuid }) => uuid)).toEqual([id(4), id(2)]);
  });

  it('have conversations in order of their latest message', async () => {
    const { rows } = await createMessageStore(db.database).groups('worf', firstPage);
    expect(rows).toMatchObject([
      { handle: 'garek', message: 'm'.repeat(1024), created_at: '2026-01-02T00:00:00.000Z' },
    ]);
  });
});
