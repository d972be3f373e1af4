import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';

const LAUNCHER = join(import.meta.dirname, '../../../src/cli/start.ts');
/** No database is there: requests for the feed are faults, which reach all four systems. */
const DATABASE_URL = 'postgres://127.0.0.1:1/none';

const cwd = mkdtempSync(join(tmpdir(), 'cruddur-npm-start-'));
const running: ChildProcess[] = [];
afterAll(async () => {
  for (const child of running) child.kill();
  await Promise.all(running.map((child) => child.exitCode ?? child.signalCode ?? once(child, 'close')));
  rmSync(cwd, { recursive: true });
});

/** Runs `npm start` in a folder without `.env`, with the console on free ports. */
function launch(environment: Record<string, string>, ...flags: string[]) {
  const { PATH, NODE_COMPILE_CACHE: cache } = process.env;
  // V8 rejects code that was compiled with other flags, and the launcher's processes change them.
  const NODE_COMPILE_CACHE = cache && join(cache, 'src-cli-start');
  const child = spawn(process.execPath, [LAUNCHER, ...flags], {
    cwd,
    env: {
      ...{ PATH, NODE_COMPILE_CACHE, CONSOLE_PORT: '0', CONSOLE_XRAY_PORT: '0' },
      ...{ DATABASE_URL, ...environment },
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.push(child);
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (chunk) => {
      output[name] += chunk;
    });
  }
  const ended = once(child, 'close').then(([code]) => ({ code, ...output }));

  /** Resolves with the console's URL when everything is up. */
  async function isUp(): Promise<string> {
    while (!output.stdout.includes('Ctrl-C stops everything')) {
      if (child.exitCode !== null) throw new Error(`ended with ${child.exitCode}: ${output.stderr}`);
      await sleep(20);
    }
    return /^ {2}console {5}(\S+)$/m.exec(output.stdout)?.[1] ?? '';
  }
  return { child, output, ended, isUp };
}

/** Occupies a port of 127.0.0.1 until the tests of the file are over. */
async function takePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1').unref();
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

async function freePort(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return String(port);
}

const isRefused = (url: string) =>
  fetch(url).then(
    () => false,
    ({ cause }) => cause?.code === 'ECONNREFUSED',
  );

describe.concurrent('npm start', () => {
  it('starts the console, which has each request as all four systems have it', async () => {
    const port = await freePort();
    const launcher = launch({ PORT: port }, '--save', 'run.ndjson');
    const console = await launcher.isUp();
    for (const sink of ['honeycomb ', 'xray      ', 'cloudwatch', 'rollbar   '])
      expect(launcher.output.stdout).toContain(`\n  ${sink}  to the console\n`);

    const conditions = ['span:home-activities', 'segment:home-activities', 'log', 'error'];
    const feed = await fetch(`http://127.0.0.1:${port}/api/activities/home`);
    expect(feed.status).toBe(503);
    const [, traceId = ''] = feed.headers.get('traceresponse')?.split('-') ?? [];
    const query = conditions.map((condition) => `&has=${encodeURIComponent(condition)}`).join('');
    const trace = await fetch(`${console}/api/traces/${traceId}?wait=15s${query}`);
    expect({ status: trace.status, body: await trace.json() }).toMatchObject({
      status: 200,
      body: { segments: [{ fault: true }], errors: [{ context: '/api/activities/home' }], notes: [] },
    });
    const page = await fetch(`${console}/trace/${traceId}`);
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);

    launcher.child.kill('SIGINT');
    expect(await launcher.ended).toMatchObject({ code: 0, stderr: '' });
    expect(await isRefused(console)).toBe(true);
    expect(readFileSync(join(cwd, 'run.ndjson'), 'utf8')).toContain(traceId);
  });

  it('leaves configured systems alone, and ends the console when it is killed', async () => {
    const launcher = launch({ PORT: await freePort(), OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' });
    const console = await launcher.isUp();
    expect(launcher.output.stdout).toContain(
      '\n  honeycomb   to 127.0.0.1:9\n  xray        to the console\n',
    );
    expect(await isRefused(`${console}/api/status`)).toBe(false);

    launcher.child.kill('SIGKILL');
    await launcher.ended;
    expect(await isRefused(`${console}/api/status`)).toBe(true);
  });

  it.each(['CONSOLE_PORT', 'CONSOLE_XRAY_PORT'])('names %s when its port is taken', async (name) => {
    const port = await takePort();
    const launcher = launch({
      PORT: await freePort(),
      DATABASE_URL: '',
      DATA_DIR: 'never-made',
      [name]: String(port),
    });
    const stderr = `console: cannot start: port ${port} is taken: set ${name} to another\n`;
    expect(await launcher.ended).toEqual({ code: 1, stdout: '', stderr });
    expect(readdirSync(cwd)).not.toContain('never-made');
  });
});
