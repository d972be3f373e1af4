import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createDatabase, type Database, type DatabaseOptions } from '../../src/db/database.ts';
import { useDatabase } from '../helpers/database/databases.ts';
import { type FakePostgres, startFakePostgres } from '../helpers/database/fake-postgres.ts';
import { startTcpBlackHole } from '../helpers/network/faulty-server.ts';
import { freePort } from '../helpers/network/free-port.ts';
import { createTcpProxy, type TcpProxy } from '../helpers/network/tcp-proxy.ts';
import { until } from '../helpers/until.ts';

const BACKEND = { summary: 'SELECT', text: 'select pg_backend_pid() as pid, pg_sleep(0.05)' };

describe('a database with several hosts', () => {
  const db = useDatabase('postgres');
  let proxy: TcpProxy;
  let standby: FakePostgres;
  const databases: Database[] = [];

  beforeEach(async () => {
    proxy = await createTcpProxy(db.url);
    standby = await startFakePostgres({ standby: true });
  });
  afterEach(async () => {
    await Promise.all(databases.splice(0).map((database) => database.close()));
    await Promise.all([proxy.close(), standby.close()]);
  });

  function open(hosts: readonly string[], options: Partial<DatabaseOptions> = {}): Database {
    const { username, pathname } = new URL(db.url);
    const databaseUrl = `postgres://${username}@${hosts.join(',')}${pathname}`;
    const database = createDatabase({ databaseUrl, connectTimeoutMs: 1000, ...options });
    databases.push(database);
    return database;
  }

  const hostOf = (url: string) => new URL(url).host;
  const pidsOf = async (database: Database, count: number) => {
    const rows = await Promise.all(
      Array.from({ length: count }, () => database.query<{ pid: number }>(BACKEND)),
    );
    return rows.map(([row]) => row?.pid).toSorted();
  };

  it('is reached at the first that answers', async () => {
    const database = open([`127.0.0.1:${await freePort()}`, hostOf(db.url)]);
    expect(await pidsOf(database, 5)).toHaveLength(5);
  });

  it('is reached within the time limit although the first drops all data', async () => {
    const blackHole = await startTcpBlackHole();
    const start = performance.now();
    expect(await pidsOf(open([`127.0.0.1:${blackHole.port}`, hostOf(db.url)]), 5)).toHaveLength(5);
    expect(performance.now() - start).toBeLessThan(1000);
    await blackHole.close();
  });

  it('is unavailable within the time limit while all drop all data', async () => {
    const blackHole = await startTcpBlackHole();
    const host = `127.0.0.1:${blackHole.port}`;
    const start = performance.now();
    await expect(open([host, host, host]).query(BACKEND)).rejects.toMatchObject({
      status: 503,
      outcomeUnknown: false,
    });
    expect(performance.now() - start).toBeLessThan(1500);
    await blackHole.close();
  });

  it('is not reached at a server that is read-only', async () => {
    const database = open([`127.0.0.1:${standby.port}`, hostOf(db.url)]);
    expect(await pidsOf(database, 5)).toHaveLength(5);
    expect(standby.startups.length).toBeGreaterThan(0);
  });

  it('is unavailable while all servers are read-only, with that reason', async () => {
    const host = `127.0.0.1:${standby.port}`;
    await expect(open([host, host]).query(BACKEND)).rejects.toMatchObject({
      status: 503,
      cause: { message: `the server ${host} is read-only` },
    });
  });

  it('is reached at the next when the first fails, and the other way round', async () => {
    const other = await createTcpProxy(db.url);
    const database = open([hostOf(proxy.url), hostOf(other.url)]);
    await pidsOf(database, 3);
    await proxy.shut();
    await until(() => pidsOf(database, 3));
    await proxy.open();
    await other.shut();
    await until(() => pidsOf(database, 3));
    await other.close();
  });

  it.each([1, 2])(
    'replaces all connections when a write is rejected as read-only (hosts: %s)',
    async (hosts) => {
      const database = open(
        Array.from({ length: hosts }, () => hostOf(db.url)),
        { poolSize: 4 },
      );
      const before = await pidsOf(database, 4);
      const write = database.transaction(async (connection) => {
        await connection.query({ summary: 'SET', text: 'set transaction read only' });
        await connection.query({ summary: 'DELETE users', text: 'delete from users' });
      });
      await expect(write).rejects.toMatchObject({
        status: 503,
        cause: { code: '25006' },
        outcomeUnknown: false,
      });
      const after = await pidsOf(database, 4);
      expect(after.filter((pid) => before.includes(pid))).toEqual([]);
    },
  );

  it('keeps connections when writes are rejected again and again, except the rejected ones', async () => {
    const database = open([hostOf(db.url)], { poolSize: 4 });
    const write = () =>
      database
        .transaction(async (connection) => {
          await connection.query({ summary: 'SET', text: 'set transaction read only' });
          await connection.query({ summary: 'DELETE users', text: 'delete from users' });
        })
        .catch(() => {});
    await write();
    const before = await pidsOf(database, 4);
    await write();
    const after = await pidsOf(database, 4);
    expect(after.filter((pid) => before.includes(pid))).toHaveLength(3);
  });
});
