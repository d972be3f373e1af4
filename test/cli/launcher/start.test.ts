import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { copyApi } from '../../helpers/app/copy-api.ts';
import { parseLines } from '../../helpers/app/service.ts';
import { freePort } from '../../helpers/network/free-port.ts';
import { ask } from '../../helpers/network/http-client.ts';
import { type NodeProcess, useNodeProcesses } from '../../helpers/process/node-process.ts';
import { startReceivers } from '../../helpers/telemetry/receivers.ts';
import { until } from '../../helpers/until.ts';

const ALL_UP = /Ctrl-C stops everything/;

const cwd = mkdtempSync(join(tmpdir(), 'cruddur-start-'));
afterAll(() => rmSync(cwd, { recursive: true }));
const copy = await copyApi();
const startNode = useNodeProcesses('SIGTERM');

/** Runs `npm start` in a folder without `.env`. The option takes a third off the CPU time of its database. */
function launch(environment: Record<string, string>): NodeProcess {
  return startNode(['--liftoff-only', join(copy, 'src/cli/start.ts')], { cwd, environment });
}

describe.concurrent('npm start', () => {
  it('serves the demo feed from an empty folder until Ctrl-C, and keeps what was stored', async () => {
    const receivers = await startReceivers();
    const { host } = new URL(receivers.url);
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const environment = { PORT: String(port), DATA_DIR: 'new-folder' };

    const first = launch(environment);
    await first.printed(ALL_UP);
    expectLines(first, [
      `API         http://localhost:${port}/api/activities/home`,
      'console     not installed',
      'database    embedded PostgreSQL in new-folder',
      ...['honeycomb   off', 'xray        off', 'cloudwatch  off', 'rollbar     off'],
    ]);
    const feed = await ask(`${url}/api/activities/home`);
    expect(JSON.parse(feed.body)).toHaveLength(4);
    const posted = await ask(`${url}/api/activities`, { body: { message: 'I was here', ttl: '1-hour' } });
    expect(posted.status).toBe(200);
    await expectToStop(first, 'SIGINT', url);

    const { CLOUDWATCH_LOG_GROUP: _, ...three } = receivers.environment;
    const second = launch({ ...environment, ...three });
    await second.printed(ALL_UP);
    expectLines(second, [
      `honeycomb   to ${host}`,
      `xray        to ${receivers.environment.AWS_XRAY_DAEMON_ADDRESS}`,
      'cloudwatch  off',
      `rollbar     to ${host}`,
    ]);
    expect(JSON.parse((await ask(`${url}/api/activities/home`)).body)).toMatchObject([
      { message: 'I was here' },
      ...Array(4).fill({}),
    ]);
    await expectToStop(second, 'SIGTERM', url);
    expect(receivers.spans().map(({ name }) => name)).toContain('home-activities');
    expect(receivers.logEvents()).toEqual([]);
    await receivers.close();
  });

  it('ends the API when it is killed', async () => {
    const port = await freePort();
    const databaseUrl = `postgres://127.0.0.1:${await freePort()}/none`;
    const launcher = launch({ PORT: String(port), DATABASE_URL: databaseUrl });
    await launcher.printed(ALL_UP);
    expectLines(launcher, ['database    as DATABASE_URL says']);
    const livez = () => ask(`http://127.0.0.1:${port}/livez`);
    expect(await livez()).toMatchObject({ status: 200 });

    launcher.child.kill('SIGKILL');
    await until(() =>
      livez().then(
        () => false,
        ({ code }) => code === 'ECONNREFUSED',
      ),
    );
    // Resolves when the last process that holds its stdout has ended.
    expect(await launcher.ended).toMatchObject({ signal: 'SIGKILL' });
  });
});

function expectLines(launcher: NodeProcess, lines: readonly string[]): void {
  for (const line of lines) expect(launcher.stdout()).toContain(`\n  ${line}\n`);
}

/** Expects one signal to end everything, and no line in the log but those of the shutdown. */
async function expectToStop(launcher: NodeProcess, signal: NodeJS.Signals, url: string): Promise<void> {
  launcher.child.kill(signal);
  expect(await launcher.ended).toMatchObject({ code: 0, stderr: '' });
  const log = parseLines(launcher.stdout().replaceAll(/^(?!\{).*\n/gm, ''));
  expect(log.at(-1)?.message).toMatch(`${signal}: finishing`);
  expect(log.filter(({ level }) => level !== 'info')).toEqual([]);
  await expect(ask(`${url}/livez`)).rejects.toThrow('ECONNREFUSED');
}

describe.concurrent('npm start names the cause', () => {
  it('when the port is taken, before it starts a database', async () => {
    const silent = createServer().listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    const ended = await launch({ PORT: String(port), DATA_DIR: 'never-made' }).ended;
    silent.close();
    const stderr = `cannot start: port ${port} is taken: set PORT to another\n`;
    expect(ended).toMatchObject({ code: 1, stdout: '', stderr });
    expect(readdirSync(cwd)).not.toContain('never-made');
  });

  it('when a variable is wrong, before it starts a database', async () => {
    const { code, stdout, stderr } = await launch({ PORT: 'hush', DATA_DIR: 'never-made' }).ended;
    expect({ code, stdout }).toEqual({ code: 78, stdout: '' });
    expect(stderr).toMatch(/PORT must be a whole number/);
    expect(stderr).not.toContain('hush');
    expect(readdirSync(cwd)).not.toContain('never-made');
  });

  it('when the folder of the database cannot be made', async () => {
    const { code, stderr } = await launch({ PORT: '0', DATA_DIR: '/dev/null/data' }).ended;
    expect({ code, stderr }).toEqual({
      code: 78,
      stderr:
        'embedded database: DATA_DIR must be a folder that can be created and written: /dev/null/data is not ' +
        '(ENOTDIR)\n',
    });
  });
});
