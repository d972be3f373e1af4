import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDatabase, type Database } from '../../../src/db/database.ts';
import { copyDataFolder } from '../../helpers/database/databases.ts';
import { makeDemoDatabase } from '../../helpers/database/demo-database.ts';
import { type EmbeddedProcess, startEmbeddedProcess } from '../../helpers/database/embedded-process.ts';
import { awaitServerRead, bindExecuteSync, connectByWire, parse, simpleQuery } from './wire-client.ts';

const echo = (value: string) => ({ summary: 'SELECT', text: 'select $1::text as value', values: [value] });

describe('the embedded database', () => {
  let dataDir: string;
  let running: EmbeddedProcess;
  let database: Database;

  beforeAll(async () => {
    dataDir = await copyDataFolder();
    running = await startEmbeddedProcess(dataDir);
    await makeDemoDatabase(running.url);
    database = createDatabase({ databaseUrl: running.url });
  });
  afterAll(async () => {
    await database.close();
    await running.close();
  });
  const startAgain = async () => {
    running = await startEmbeddedProcess(dataDir, { port: Number(new URL(running.url).port) });
  };

  const countUsers = async () =>
    (await database.query({ summary: 'SELECT users', text: 'select handle from users' })).length;
  const addUser = (handle: string) =>
    database.query({
      summary: 'INSERT users',
      text: `insert into users (handle, display_name) values ($1, '')`,
      values: [handle],
    });

  it('returns its own results to each of many connections', async () => {
    const values = Array.from({ length: 200 }, (_, index) => `value ${index}`);
    const answers = await Promise.all(values.map((value) => database.query(echo(value))));
    expect(answers.map(([row]) => row?.value)).toEqual(values);
  });

  it('does not interleave a statement that arrives in parts with other statements', async () => {
    const slow = await connectByWire(running.url);
    await slow.send(parse(`select 'mine'`));
    await expect.poll(() => slow.received().endsWith('1\0\0\0\x04')).toBe(true);
    const other = database.query(echo('yours'));
    await awaitServerRead(running.url);
    await slow.send(bindExecuteSync());
    await expect.poll(() => slow.received()).toContain('mine');
    expect(await other).toEqual([{ value: 'yours' }]);
    slow.socket.destroy();
  });

  it.each([
    ['a transaction', simpleQuery('begin; delete from users')],
    ['a statement', parse('delete from users')],
    ['a failed statement', parse('delete from no_such_table')],
  ])('recovers when a client disconnects in the middle of %s', async (_what, beginning) => {
    const before = await countUsers();
    const disconnecting = await connectByWire(running.url);
    await disconnecting.send(beginning);
    await expect.poll(() => disconnecting.received().length).toBeGreaterThan(0);
    disconnecting.socket.destroy();
    expect(await countUsers()).toBe(before);
  });

  it('keeps its data when it is stopped', async () => {
    await addUser('stays');
    const before = await countUsers();
    await running.close();
    expect(running.child.exitCode).toBe(0);
    await startAgain();
    expect(await countUsers()).toBe(before);
  });

  it('keeps its data when it is killed', async () => {
    await addUser('survives');
    const before = await countUsers();
    running.child.kill('SIGKILL');
    await running.close();
    await startAgain();
    expect(await countUsers()).toBe(before);
  });

  it('rejects a data folder that another process uses', async () => {
    await expect(startEmbeddedProcess(dataDir)).rejects.toThrow(
      /data folder .* is in use by another process/,
    );
    expect(await countUsers()).toBeGreaterThan(0);
  });

  it('ignores Ctrl-C, and stops when its parent exits', async () => {
    running.child.kill('SIGINT');
    expect(await countUsers()).toBeGreaterThan(0);
    running.child.disconnect();
    await running.exited;
    expect(running.child.exitCode).toBe(0);
    await startAgain();
  });
});
