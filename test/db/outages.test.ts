import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createDatabase, type Database, type DatabaseOptions } from '../../src/db/database.ts';
import { Unavailable } from '../../src/lib/errors.ts';
import { useDatabase } from '../helpers/database/databases.ts';
import { withAdmin } from '../helpers/database/with-admin.ts';
import { createTcpProxy, type TcpProxy } from '../helpers/network/tcp-proxy.ts';
import { until } from '../helpers/until.ts';

const one = { summary: 'SELECT', text: 'select 1 as one' };
const nap = (seconds: number) => ({ summary: 'SELECT', text: `select pg_sleep(${seconds})` });

/** Limits the query to this test's database: other tests use the same server. */
const HERE = 'pg_stat_activity where datname = current_database()';

describe('when PostgreSQL has a problem, the database', () => {
  const db = useDatabase('postgres');
  let proxy: TcpProxy;
  let database: Database;

  function open(options: Partial<DatabaseOptions> = {}): Database {
    database = createDatabase({ databaseUrl: proxy.url, connectTimeoutMs: 500, ...options });
    return database;
  }

  const answers = () => until(() => database.query(one).then(() => true));

  beforeEach(async () => {
    proxy = await createTcpProxy(db.url);
  });
  afterEach(async () => {
    await proxy.close();
    await database.close();
  });

  it('is unavailable while nothing listens, and recovers', async () => {
    open();
    await proxy.shut();
    await expect(database.query(one)).rejects.toThrow(Unavailable);
    await proxy.open();
    expect(await database.query(one)).toEqual([{ one: 1 }]);
  });

  it('is unavailable to running statements when the server stops, and recovers', async () => {
    open();
    const underWay = [1, 2, 3].map(() => database.query(nap(10)));
    const inTransaction = database.transaction((connection) => connection.query(nap(10)));
    await until(() =>
      withAdmin(db.url, async (admin) => {
        const { rows } = await admin.query(`select from ${HERE} and query like 'select pg_sleep%'`);
        return rows.length === 4;
      }),
    );
    const failures = [...underWay, inTransaction].map((statement) =>
      expect(statement).rejects.toThrow(Unavailable),
    );
    await proxy.shut();
    await Promise.all(failures);
    await proxy.open();
    await answers();
  });

  it('survives the loss of idle connections', async () => {
    open();
    await Promise.all([1, 2, 3].map(() => database.query(nap(0.1))));
    await withAdmin(db.url, (admin) =>
      admin.query(`select pg_terminate_backend(pid) from ${HERE} and application_name = 'cruddur-backend'`),
    );
    expect(await answers()).toBe(true);
  });

  it('does not hang when the network drops all data', async () => {
    open({ statementTimeoutMs: 100 });
    await database.query(one);
    proxy.stall();
    await expect(database.query(one)).rejects.toThrow(Unavailable);
    await expect(database.query(one)).rejects.toThrow(Unavailable);
    await proxy.open();
    await answers();
  });

  it('cancels a statement at its time limit, and keeps the connection', async () => {
    open({ statementTimeoutMs: 100, poolSize: 1 });
    const backend = { summary: 'SELECT', text: 'select pg_backend_pid() as pid' };
    const before = await database.query(backend);
    await expect(database.query(nap(10))).rejects.toMatchObject({ status: 503, cause: { code: '57014' } });
    expect(await database.query(backend)).toEqual(before);
  });

  it('supports a time limit per transaction', async () => {
    open({ statementTimeoutMs: 100 });
    const work = database.transaction((connection) => connection.query(nap(0.3)), {
      statementTimeoutMs: 5000,
    });
    expect(await work).toHaveLength(1);
  });

  it('is unavailable to a query that gets no connection in time', async () => {
    open({ poolSize: 1 });
    await answers();
    const slow = database.query(nap(1));
    await expect(database.query(one)).rejects.toThrow(Unavailable);
    await slow;
    await answers();
  });

  it('is unavailable when the server rejects the connection or is read-only', async () => {
    open({ databaseUrl: `${db.url}_missing` });
    await expect(database.query(one)).rejects.toMatchObject({ status: 503, cause: { code: '3D000' } });
    await database.close();
    open();
    const write = { summary: 'DELETE users', text: 'delete from users' };
    const onStandby = database.transaction(async (connection) => {
      await connection.query({ summary: 'SET', text: 'set transaction read only' });
      await connection.query(write);
    });
    await expect(onStandby).rejects.toMatchObject({ status: 503, cause: { code: '25006' } });
  });

  it('is unavailable once it is closed', async () => {
    await open().close();
    await expect(database.query(one)).rejects.toThrow(Unavailable);
    open();
  });

  it('keeps the password out of errors', async () => {
    const url = new URL(proxy.url);
    url.password = 'hush-hush';
    await proxy.shut();
    const failure = await open({ databaseUrl: url.href })
      .query(one)
      .catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(Unavailable);
    expect(inspect(failure, { depth: 10, showHidden: true })).not.toContain('hush-hush');
  });

  it('keeps the password of an invalid URL out of errors', async () => {
    open();
    const attempt = async () => createDatabase({ databaseUrl: 'postgres://cruddur:hush-hush@host:99999/db' });
    const failure = await attempt().catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(Error);
    expect(inspect(failure, { depth: 10, showHidden: true })).not.toContain('hush-hush');
  });
});
