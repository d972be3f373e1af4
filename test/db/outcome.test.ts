import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createDatabase, type Database, type DatabaseOptions } from '../../src/db/database.ts';
import { Unavailable } from '../../src/lib/errors.ts';
import { useDatabase } from '../helpers/database/databases.ts';
import { withAdmin } from '../helpers/database/with-admin.ts';
import { createTcpProxy, type TcpProxy } from '../helpers/network/tcp-proxy.ts';
import { until } from '../helpers/until.ts';

const one = { summary: 'SELECT', text: 'select 1' };
const nap = (seconds: number) => ({ summary: 'SELECT', text: `select pg_sleep(${seconds})` });
const napping = (seconds: number) => `from pg_stat_activity
  where datname = current_database() and query = 'select pg_sleep(${seconds})' and state = 'active'`;

describe('the outcome of a statement whose answer is 503', () => {
  const db = useDatabase('postgres');
  let proxy: TcpProxy;
  let database: Database;

  beforeEach(async () => {
    proxy = await createTcpProxy(db.url);
    open();
  });
  afterEach(async () => {
    await proxy.close();
    await database.close();
  });

  function open(options: Partial<DatabaseOptions> = {}): void {
    database = createDatabase({ databaseUrl: proxy.url, connectTimeoutMs: 500, ...options });
  }

  async function isUnknown(statement: Promise<unknown>): Promise<boolean> {
    const error = await statement.catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(Unavailable);
    return (error as Unavailable).outcomeUnknown;
  }

  const count = (seconds: number) =>
    withAdmin(db.url, async (admin) => (await admin.query(`select ${napping(seconds)}`)).rowCount);
  const begun = (seconds: number) => until(async () => (await count(seconds)) === 1);

  it('is known when no connection can be made', async () => {
    await proxy.shut();
    expect(await isUnknown(database.query(one))).toBe(false);
    expect(await isUnknown(database.transaction((connection) => connection.query(one)))).toBe(false);
  });

  it('is known when no connection becomes free', async () => {
    await database.close();
    open({ poolSize: 1 });
    await database.query(one);
    const slow = database.query(nap(0.8));
    expect(await isUnknown(database.query(one))).toBe(false);
    await slow;
  });

  it('is unknown when the connection is lost', async () => {
    const statement = isUnknown(database.query(nap(10)));
    await begun(10);
    await proxy.shut();
    expect(await statement).toBe(true);
  });

  it('is known when the connection is lost inside a transaction, which the server then rolls back', async () => {
    const statement = isUnknown(database.transaction((connection) => connection.query(nap(11))));
    await begun(11);
    await proxy.shut();
    expect(await statement).toBe(false);
  });

  it('is known when a transaction uses a connection that was lost before', async () => {
    const lost = database.transaction(async (connection) => {
      await proxy.shut();
      await connection.query(one).catch(() => {});
      await connection.query(one);
    });
    expect(await isUnknown(lost)).toBe(false);
  });

  it.each([
    ['a statement', () => database.query(one)],
    ['a commit', () => database.transaction(async () => proxy.stall())],
  ])('is unknown when the answer of %s does not arrive in time', async (_what, run) => {
    await database.close();
    open({ statementTimeoutMs: 100 });
    await database.query(one);
    if (_what === 'a statement') proxy.stall();
    expect(await isUnknown(run())).toBe(true);
  });

  it('is known when the server ended the statement at its time limit', async () => {
    await database.close();
    open({ statementTimeoutMs: 100 });
    expect(await isUnknown(database.query(nap(10)))).toBe(false);
  });

  it('is known when an administrator ended the connection', async () => {
    const statement = isUnknown(database.query(nap(12)));
    await begun(12);
    await withAdmin(db.url, (admin) => admin.query(`select pg_terminate_backend(pid) ${napping(12)}`));
    expect(await statement).toBe(false);
  });

  it.each([
    ['08007', true],
    ['40003', true],
    ['08P01', true],
    ['57P02', true],
    ['40001', false],
    ['53100', false],
  ])('with the state %s is unknown: %s', async (state, unknown) => {
    const text = `do $$ begin raise exception 'failed' using errcode = '${state}'; end $$`;
    expect(await isUnknown(database.query({ summary: 'DO', text }))).toBe(unknown);
  });

  it('is ended on a server that lacks our time limit, as behind a pooler', async () => {
    await database.close();
    open({ statementTimeoutMs: 100, poolSize: 1 });
    await database.query({ summary: 'SET', text: 'set statement_timeout = 0' });
    expect(await isUnknown(database.query(nap(30)))).toBe(true);
    await until(async () => (await count(30)) === 0);
  });
});
