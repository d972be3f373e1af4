import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parseLines, ROOT } from '../../helpers/app/service.ts';
import { refusedPort } from '../../helpers/network/faulty-server.ts';
import { ask, traceIdOf } from '../../helpers/network/http-client.ts';
import { type NodeProcess, useNodeProcesses } from '../../helpers/process/node-process.ts';
import { startReceivers } from '../../helpers/telemetry/receivers.ts';
import { waitForTrace } from '../../helpers/telemetry/wait-for-trace.ts';

const LAUNCHER = join(ROOT, 'src/cli/start.ts');
const ALL_UP = /Ctrl-C stops everything/;

const cwd = mkdtempSync(join(tmpdir(), 'cruddur-start-'));
afterAll(() => rmSync(cwd, { recursive: true }));
const startNode = useNodeProcesses('SIGTERM');

/** Runs what `npm start` runs, where no `.env` is, with the console on ports of its own. */
function launch(environment: Record<string, string>, ...flags: string[]): NodeProcess {
  return startNode([LAUNCHER, ...flags], {
    cwd,
    environment: { CONSOLE_PORT: '0', CONSOLE_XRAY_PORT: '0', ...environment },
  });
}

describe.concurrent('npm start', () => {
  it('serves the demo feed from an empty folder until Ctrl-C, and the next time what was stored meanwhile', async () => {
    const receivers = await startReceivers();
    const { host } = new URL(receivers.url);
    const port = await refusedPort();
    const url = `http://127.0.0.1:${port}`;
    const environment = { PORT: String(port), DATA_DIR: 'new-folder' };

    const first = launch(environment, '--save', 'run.ndjson');
    await first.printed(ALL_UP);
    expectToSay(first, [
      `API         http://localhost:${port}/api/activities/home`,
      'database    embedded PostgreSQL in new-folder',
      ...['honeycomb ', 'xray      ', 'cloudwatch', 'rollbar   '].map((sink) => `${sink}  to the console`),
    ]);
    const console = consoleOf(first);
    const feed = await ask(`${url}/api/activities/home`);
    expect(JSON.parse(feed.body)).toHaveLength(4);
    await waitForTrace(console, traceIdOf(feed), 'span:home-activities', 'segment', 'log');
    const reported = await ask(`${url}/rollbar/test`);
    await waitForTrace(console, traceIdOf(reported), 'span', 'segment', 'log', 'error:Hello World!');
    const posted = await ask(`${url}/api/activities`, { body: { message: 'I was here', ttl: '1-hour' } });
    expect(posted.status).toBe(200);
    await expectToStop(first, 'SIGINT', url);
    await expect(ask(console)).rejects.toThrow('ECONNREFUSED');
    expect(readFileSync(join(cwd, 'run.ndjson'), 'utf8')).toContain(traceIdOf(posted));

    const { AWS_XRAY_DAEMON_ADDRESS: _, CLOUDWATCH_LOG_GROUP: __, ...two } = receivers.environment;
    const second = launch({ ...environment, ...two });
    await second.printed(ALL_UP);
    expectToSay(second, [
      `honeycomb   to ${host}`,
      'xray        to the console',
      'cloudwatch  to the console',
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
});

/** Where the console is, as the launcher says. */
function consoleOf(launcher: NodeProcess): string {
  return /^ {2}console {5}(\S+)$/m.exec(launcher.stdout())?.[1] ?? '';
}

function expectToSay(launcher: NodeProcess, lines: readonly string[]): void {
  for (const line of lines) expect(launcher.stdout()).toContain(`\n  ${line}\n`);
}

/** All that one signal to the launcher is to do; the database has ended if another can be started on its data. */
async function expectToStop(launcher: NodeProcess, signal: NodeJS.Signals, url: string): Promise<void> {
  launcher.child.kill(signal);
  expect(await launcher.ended).toMatchObject({ code: 0, stderr: '' });
  const log = parseLines(launcher.stdout().replaceAll(/^(?!\{).*\n/gm, ''));
  expect(log.at(-1)?.message).toMatch(`${signal}: finishing`);
  expect(log.filter(({ level }) => level !== 'info')).toEqual([]);
  await expect(ask(`${url}/livez`)).rejects.toThrow('ECONNREFUSED');
}

describe.concurrent('npm start says why it cannot', () => {
  it('when the port is taken, whoever has it, before it starts a database', async () => {
    const silent = createServer().listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    const ended = await launch({ PORT: String(port), DATA_DIR: 'never-made' }).ended;
    silent.close();
    const stderr = `cannot start: port ${port} is taken: set PORT to another\n`;
    expect(ended).toMatchObject({ code: 1, stdout: '', stderr });
  });

  it.each(['CONSOLE_PORT', 'CONSOLE_XRAY_PORT'])('when the port of %s is taken', async (name) => {
    const silent = createServer().listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    const environment = { PORT: String(await refusedPort()), DATA_DIR: 'never-made', [name]: String(port) };
    const ended = await launch(environment).ended;
    silent.close();
    const stderr = `console: cannot start: port ${port} is taken: set ${name} to another\n`;
    expect(ended).toMatchObject({ code: 1, stdout: '', stderr });
    expect(readdirSync(cwd)).not.toContain('never-made');
  });

  it('when the environment is at fault, before it starts a database', async () => {
    const { code, stdout, stderr } = await launch({ PORT: 'hush', DATA_DIR: 'never-made' }).ended;
    expect({ code, stdout }).toEqual({ code: 78, stdout: '' });
    expect(stderr).toMatch(/PORT must be a whole number/);
    expect(stderr).not.toContain('hush');
    expect(readdirSync(cwd)).not.toContain('never-made');
  });
});
