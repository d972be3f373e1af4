import { afterEach, describe, expect, it } from 'vitest';
import { createDatabase, type Database } from '../../src/db/database.ts';
import { useDatabase } from '../helpers/database/databases.ts';
import { withAdmin } from '../helpers/database/with-admin.ts';
import { createTcpProxy } from '../helpers/network/tcp-proxy.ts';
import { until } from '../helpers/until.ts';
import { type StartedCleanup, startCleanup } from './start-cleanup.ts';

/** The key of the advisory lock. */
const LOCK = 0x64647573;

describe('the deletion by several replicas', () => {
  const db = useDatabase('postgres');
  const closing: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close();
  });

  function replica(database: Database = db.database): StartedCleanup {
    const cleanup = startCleanup(database);
    closing.push(cleanup.stop);
    return cleanup;
  }

  const left = async () =>
    Number(
      (await db.database.query({ summary: 'SELECT', text: 'select count(*) as n from activities' }))[0]?.n,
    );
  const expire = (count: number) =>
    db.database.query({
      summary: 'INSERT activities',
      text: `insert into activities (user_uuid, message, created_at, expires_at)
        select uuid, 'gone', now() - interval '2 h', now() - n * interval '1 ms'
        from users, generate_series(1, ${count}) n where handle = 'worf'`,
    });

  it('is done by one at a time, and by the next one when that has ended', async () => {
    const before = await left();
    await expire(300);
    const { lines } = await withAdmin(db.url, async (other) => {
      await other.query('begin');
      await other.query('select pg_advisory_xact_lock($1)', [LOCK]);
      const cleanup = replica();
      await new Promise((resolve) => setTimeout(resolve, 400));
      expect(await left()).toBe(before + 300);
      return cleanup;
    });
    await until(() => lines.length > 0);
    expect(lines).toMatchObject([{ fields: { deleted_activities: 300 } }]);
    expect(await left()).toBe(before);
  });

  it('counts each row once', async () => {
    await expire(2000);
    const replicas = [1, 2, 3].map(() => {
      const database = createDatabase({ databaseUrl: db.url });
      closing.push(database.close);
      return replica(database);
    });
    const lines = () => replicas.flatMap((one) => one.lines);
    const deleted = () =>
      lines().reduce((sum, { fields }) => sum + Number(fields.deleted_activities ?? 0), 0);
    await until(() => deleted() >= 2000);
    expect(deleted()).toBe(2000);
    expect(lines().every(({ message }) => message === 'deleted expired rows')).toBe(true);
  });

  it('skips a thread that is locked, without waiting', async () => {
    await expire(1);
    const { lines } = await withAdmin(db.url, async (other) => {
      await other.query('begin');
      await other.query('select from activities where expires_at <= now() for update');
      await expire(2);
      const cleanup = replica();
      await until(() => cleanup.lines.length > 0);
      expect(cleanup.lines).toMatchObject([{ fields: { deleted_activities: 2 } }]);
      return cleanup;
    });
    await until(() => lines.length > 1);
  });

  it('warns once per run while the database is away, and tries again', async () => {
    const proxy = await createTcpProxy(db.url);
    const database = createDatabase({ databaseUrl: proxy.url });
    closing.push(proxy.close, database.close);
    await proxy.shut();
    await expire(1);
    const { lines } = replica(database);
    await until(() => lines.length > 0);
    expect(lines[0]).toEqual({
      message: 'cannot delete expired rows: next attempt in 100 ms',
      fields: { error: expect.any(Error) },
    });
    await proxy.open();
    await until(() => lines.some(({ fields }) => fields.deleted_activities === 1));
  });

  it('ends with the batch in flight when the service stops', async () => {
    const before = await left();
    await expire(1000);
    // The first batch is that of notifications, of which there are none.
    let batches = 0;
    let stopped: Promise<void> | undefined;
    const cleanup: StartedCleanup = replica({
      ...db.database,
      transaction(work, options) {
        batches += 1;
        const batch = db.database.transaction(work, options);
        if (batches === 2) stopped = cleanup.stop();
        return batch;
      },
    });
    await until(() => stopped !== undefined);
    await stopped;
    expect(await left()).toBe(before + 1000 - 200);
    expect(cleanup.lines).toMatchObject([{ fields: { deleted_activities: 200 } }]);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(batches).toBe(2);
  });
});
