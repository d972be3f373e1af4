import { afterEach, describe, expect, it } from 'vitest';
import { createDatabase, type Database } from '../../src/db/database.ts';
import { migrate, migrateWhenReachable } from '../../src/db/migrations.ts';
import { DATABASE_KINDS, useDatabase } from '../helpers/database/databases.ts';
import { createTcpProxy } from '../helpers/network/tcp-proxy.ts';
import { until } from '../helpers/until.ts';

const applied = (database: Database) =>
  database.query<{ name: string }>({
    summary: 'SELECT schema_migrations',
    text: 'select name from schema_migrations order by name',
  });

describe.each(DATABASE_KINDS)('the schema, %s', (kind) => {
  const db = useDatabase(kind, { empty: true });

  it('is created once, however many replicas start at the same time', async () => {
    const replicas = Array.from({ length: 10 }, () => createDatabase({ databaseUrl: db.url }));
    const results = await Promise.all(replicas.map(migrate));
    await Promise.all(replicas.map((replica) => replica.close()));
    const made = results.filter((names) => names.length > 0);
    expect(made).toHaveLength(1);
    expect(await applied(db.database)).toEqual(made[0]?.map((name) => ({ name })));
  });

  it('does not change when it is up to date', async () => {
    expect(await migrate(db.database)).toEqual([]);
  });
});

describe('the current schema', () => {
  const db = useDatabase('postgres');

  it.each([
    ['a count below zero', `update activities set replies_count = -1`],
    ['an activity that expires when it is created', `update activities set expires_at = created_at`],
    ['a handle that cannot be mentioned', `update users set handle = 'A Person'`],
    [
      'two conversations of the same users',
      `insert into message_groups (first_user_uuid, second_user_uuid)
      select first_user_uuid, second_user_uuid from message_groups`,
    ],
  ])('forbids %s', async (_what, text) => {
    const violation = { code: expect.stringMatching(/^23/) };
    await expect(db.database.query({ summary: 'UPDATE', text })).rejects.toMatchObject(violation);
  });

  it('allows the service to start with a role that cannot create tables', async () => {
    await db.database.query({
      summary: 'CREATE ROLE',
      text: `create role reader_and_writer login; grant select on schema_migrations to reader_and_writer`,
    });
    const url = new URL(db.url);
    url.username = 'reader_and_writer';
    const database = createDatabase({ databaseUrl: url.href });
    expect(await migrate(database)).toEqual([]);
    await database.close();
    await db.database.query({
      summary: 'DROP ROLE',
      text: 'drop owned by reader_and_writer; drop role reader_and_writer',
    });
  });

  it('generates version 7 uuids that sort in order of creation', async () => {
    const text = 'select time_ordered_uuid() as uuid, pg_sleep(0.00001) from generate_series(1, 500)';
    const rows = await db.database.query<{ uuid: string }>({ summary: 'SELECT', text });
    const uuids = rows.map(({ uuid }) => uuid);
    expect(uuids.filter((uuid) => !/^[\da-f]{8}-[\da-f]{4}-7[\da-f]{3}-[89ab]/.test(uuid))).toEqual([]);
    expect(uuids.toSorted()).toEqual(uuids);
    expect(
      Math.abs(Number.parseInt(uuids[0]?.replace('-', '').slice(0, 12) ?? '', 16) - Date.now()),
    ).toBeLessThan(60_000);
  });
});

const RUNNING = new AbortController().signal;

describe('the migration of a service whose database is unreachable', () => {
  const db = useDatabase('postgres', { empty: true });
  const closing: (() => Promise<void>)[] = [];

  afterEach(async () => {
    for (const close of closing.splice(0)) await close();
  });

  it('runs as soon as the database is reachable', async () => {
    const proxy = await createTcpProxy(db.url);
    const database = createDatabase({ databaseUrl: proxy.url });
    closing.push(proxy.close, database.close);
    await proxy.shut();
    const lines: string[] = [];
    const keep = (line: string) => void lines.push(line);
    await migrateWhenReachable(database, { debug: keep, info: keep, warn: keep, error: keep }, RUNNING);
    expect(lines).toEqual([expect.stringContaining('not reachable')]);
    await proxy.open();
    await until(() => lines.includes('database migrated'));
  });

  it('is given up without a word when the service is stopping', async () => {
    const proxy = await createTcpProxy(db.url);
    const database = createDatabase({ databaseUrl: proxy.url });
    closing.push(proxy.close, database.close);
    await proxy.shut();
    const lines: string[] = [];
    const keep = (line: string) => void lines.push(line);
    const logger = { debug: keep, info: keep, warn: keep, error: keep };
    await migrateWhenReachable(database, logger, AbortSignal.abort());
    expect(lines).toEqual([]);
  });

  it('rejects when a statement fails', async () => {
    await db.database.query({ summary: 'DROP', text: 'drop schema public cascade' });
    const { database } = db;
    await expect(
      migrateWhenReachable(database, { debug() {}, info() {}, warn() {}, error() {} }, RUNNING),
    ).rejects.toMatchObject({ code: '3F000' });
  });
});
