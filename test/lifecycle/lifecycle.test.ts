import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { Agent } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, describe, expect, it } from 'vitest';
import { type Answer, ask } from '../helpers/network/http-client.ts';
import { until } from '../helpers/until.ts';

const FIXTURE = `${import.meta.dirname}/lifecycle-server.ts`;

interface Event {
  readonly event: string;
  readonly [detail: string]: unknown;
}

interface Service {
  readonly port: number;
  readonly process: ChildProcess;
  events(event: string): Event[];
  /** Resolves when the process has ended, with its exit code. */
  readonly ended: Promise<number | null>;
}

const running: ChildProcess[] = [];
afterAll(() => {
  for (const child of running) child.kill('SIGKILL');
});

async function start(scenario: {
  deadlineMs?: number;
  delayMs?: number;
  stages?: string[][];
  leak?: boolean;
  pipe?: string;
  platform?: string;
}): Promise<Service> {
  const pretend = `Object.defineProperty(process, 'platform', { value: '${scenario.platform}' })`;
  const child = spawn(process.execPath, [
    ...(scenario.platform ? ['--import', `data:text/javascript,${pretend}`] : []),
    FIXTURE,
    JSON.stringify({ deadlineMs: 8000, stages: [], ...scenario }),
  ]);
  running.push(child);
  const all: Event[] = [];
  let stderr = '';
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  createInterface(child.stdout).on('line', (line) => all.push(JSON.parse(line)));
  const ended = once(child, 'close').then(([code]) => code as number | null);
  const events = (event: string) => all.filter((each) => each.event === event);
  const listening = await until(
    () => events('listening')[0],
    10_000,
    () => stderr,
  );
  return { port: Number(listening?.port), process: child, events, ended };
}

function get(service: Service, path: string, agent?: Agent): Promise<Answer> {
  return ask(`http://127.0.0.1:${service.port}${path}`, { ...(agent && { agent }) });
}

/** Whoever opens it waits for the other end. */
function namedPipe(onTestFinished: (work: () => void) => void): string {
  const folder = mkdtempSync(join(tmpdir(), 'cruddur-pipe-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const pipe = join(folder, 'pipe');
  execFileSync('mkfifo', [pipe]);
  return pipe;
}

async function inFlight(service: Service, path: string): Promise<void> {
  await until(() => service.events('request').some(({ url }) => url === path));
}

function elapsedSince(start: number): number {
  return performance.now() - start;
}

describe.concurrent('a signal', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)(
    '%s lets requests in flight end, drains stage by stage, and exits with code 0',
    async (signal) => {
      const service = await start({ stages: [['slow reports', 'spans'], ['logs'], ['database']] });
      const answer = get(service, '/slow');
      await inFlight(service, '/slow');
      service.process.kill(signal);
      expect((await answer).body).toBe('late');
      expect(await service.ended).toBe(0);
      expect(service.events('drained').map(({ name }) => name)).toEqual([
        'spans',
        'slow reports',
        'logs',
        'database',
      ]);
      expect(service.events('report')).toEqual([]);
    },
  );

  it('accepts no new connection during shutdown', async () => {
    const service = await start({});
    const answer = get(service, '/slow');
    await inFlight(service, '/slow');
    service.process.kill('SIGTERM');
    // For a few turns of the event loop, connections that the kernel has established are accepted.
    let refused = false;
    while (!refused) {
      refused = await get(service, '/').then(
        () => false,
        (error) => error.code === 'ECONNREFUSED',
      );
    }
    expect((await answer).body).toBe('late');
    expect(await service.ended).toBe(0);
  });

  it('closes kept connections that are idle, have a request in flight, or never had a request', async () => {
    const service = await start({});
    const agent = new Agent({ keepAlive: true });
    expect((await get(service, '/', agent)).headers.connection).toBe('keep-alive');
    const silent = connect(service.port, '127.0.0.1');
    await once(silent, 'connect');
    const slow = get(service, '/slow', agent);
    const stream = get(service, '/stream', agent);
    await inFlight(service, '/stream');
    const signalled = performance.now();
    service.process.kill('SIGTERM');
    expect((await slow).headers.connection).toBe('close');
    expect(await stream).toMatchObject({ headers: { connection: 'keep-alive' }, body: 'begun, ended' });
    expect(await service.ended).toBe(0);
    expect(elapsedSince(signalled)).toBeLessThan(3000);
    agent.destroy();
  });

  it('cuts off a request at half the deadline, and drains', async () => {
    const service = await start({ deadlineMs: 1000, stages: [['logs']] });
    const answer = get(service, '/never');
    await inFlight(service, '/never');
    const signalled = performance.now();
    service.process.kill('SIGTERM');
    await expect(answer).rejects.toThrow('socket hang up');
    expect(await service.ended).toBe(0);
    expect(elapsedSince(signalled)).toBeLessThan(3000);
    expect(service.events('log').at(-1)).toMatchObject({ level: 'warn', message: '1 request(s) cut off' });
    expect(service.events('drained')).toHaveLength(1);
  });
});

describe.concurrent('with a delay', () => {
  it('SIGTERM makes the service unready, and all else is served as before until the delay is over', async () => {
    const service = await start({ delayMs: 1000, stages: [['logs']] });
    const agent = new Agent({ keepAlive: true });
    expect((await get(service, '/readyz', agent)).body).toBe('ready');
    const signalled = performance.now();
    service.process.kill('SIGTERM');
    await until(async () => (await get(service, '/readyz')).body === 'stopping');
    for (const connections of [agent, new Agent({ keepAlive: true })])
      expect(await get(service, '/', connections)).toMatchObject({ headers: { connection: 'keep-alive' } });
    expect(elapsedSince(signalled)).toBeLessThan(900);
    expect(await service.ended).toBe(0);
    expect(elapsedSince(signalled)).toBeGreaterThan(990);
    expect(elapsedSince(signalled)).toBeLessThan(3000);
    expect(service.events('drained')).toHaveLength(1);
    agent.destroy();
  });

  it('the end still comes within the deadline', async () => {
    const service = await start({ delayMs: 500, deadlineMs: 1200, stages: [['hanging logs']] });
    const answer = get(service, '/never').catch((error: Error) => error.message);
    await inFlight(service, '/never');
    const signalled = performance.now();
    service.process.kill('SIGTERM');
    expect(await service.ended).toBe(0);
    expect(elapsedSince(signalled)).toBeLessThan(2200);
    expect(await answer).toBe('socket hang up');
  });

  it('a second signal ends the process immediately', async () => {
    const service = await start({ delayMs: 5000 });
    service.process.kill('SIGTERM');
    await until(() => service.events('log').length > 0);
    const again = performance.now();
    service.process.kill('SIGTERM');
    expect(await service.ended).toBe(143);
    expect(elapsedSince(again)).toBeLessThan(2000);
  });

  it('neither Ctrl-C nor an uncaught error waits for it', async () => {
    const scenario = { delayMs: 6000, deadlineMs: 2000 };
    const [stopped, failed] = await Promise.all([start(scenario), start(scenario)]);
    const begun = performance.now();
    stopped.process.kill('SIGINT');
    void get(failed, '/throw').catch(() => {});
    expect([await stopped.ended, await failed.ended]).toEqual([0, 1]);
    expect(elapsedSince(begun)).toBeLessThan(4000);
  });
});

describe.concurrent('a drain', () => {
  it('that hangs leaves the others their share of time and does not change the exit code', async () => {
    const service = await start({
      deadlineMs: 1200,
      stages: [['hanging reports', 'spans'], ['hanging logs'], ['database']],
    });
    const signalled = performance.now();
    service.process.kill('SIGTERM');
    expect(await service.ended).toBe(0);
    expect(elapsedSince(signalled)).toBeLessThan(4000);
    expect(service.events('drained').map(({ name }) => name)).toEqual(['spans', 'database']);
    for (const { budgetMs } of service.events('drain')) expect(budgetMs).toBeGreaterThan(150);
    const complaints = service.events('log').map(({ message }) => message);
    expect(complaints).toContain('hanging reports did not drain');
    expect(complaints).toContain('hanging logs did not drain');
  });

  it('that fails is logged and does not stop the others', async () => {
    const service = await start({ stages: [['failing reports'], ['logs']] });
    service.process.kill('SIGTERM');
    expect(await service.ended).toBe(0);
    expect(service.events('drained').map(({ name }) => name)).toEqual(['logs']);
    expect(service.events('log').at(-1)).toMatchObject({ message: 'failing reports did not drain' });
  });
});

describe.concurrent('the exit', () => {
  it('comes at the deadline when a timer keeps the process running', async () => {
    const service = await start({ deadlineMs: 500, leak: true });
    const signalled = performance.now();
    service.process.kill('SIGTERM');
    expect(await service.ended).toBe(0);
    expect(elapsedSince(signalled)).toBeGreaterThan(450);
  });

  it('does not wait for a thread that hangs, and has the right code', async ({ onTestFinished }) => {
    const scenario = { deadlineMs: 500, pipe: namedPipe(onTestFinished) };
    const [stopped, failed, twice] = await Promise.all([start(scenario), start(scenario), start(scenario)]);
    const begun = performance.now();
    stopped.process.kill('SIGTERM');
    void get(failed, '/throw').catch(() => {});
    twice.process.kill('SIGTERM');
    await until(() => twice.events('log').length > 0);
    twice.process.kill('SIGTERM');
    expect(await Promise.all([stopped.ended, failed.ended, twice.ended])).toEqual([0, 1, 143]);
    expect(elapsedSince(begun)).toBeLessThan(4000);
    for (const { events } of [stopped, failed, twice]) expect(events('exit')).toHaveLength(1);
  });

  it('waits for such a thread on Windows, and still has the right code', async ({ onTestFinished }) => {
    const pipe = namedPipe(onTestFinished);
    const service = await start({ deadlineMs: 200, pipe, platform: 'win32' });
    service.process.kill('SIGTERM');
    await until(() => service.events('exit').length > 0);
    writeFileSync(pipe, '');
    expect(await service.ended).toBe(0);
  });

  it.each([
    ['SIGTERM', 143],
    ['SIGINT', 130],
  ] as const)('comes immediately with a second %s, with code %i', async (signal, code) => {
    const service = await start({ stages: [['hanging reports']] });
    service.process.kill(signal);
    await until(() => service.events('drain').length > 0);
    const again = setInterval(() => service.process.kill(signal), 100);
    expect(await service.ended).toBe(code);
    clearInterval(again);
  });

  it.each(['SIGINT', 'SIGTERM'] as const)(
    'is not forced by the %s that a launcher sends with the same Ctrl-C',
    async (added) => {
      const service = await start({ stages: [['slow logs']] });
      service.process.kill('SIGINT');
      await until(() => service.events('log').length > 0);
      service.process.kill(added);
      expect(await service.ended).toBe(0);
      expect(service.events('drained')).toHaveLength(1);
    },
  );
});

describe.concurrent('an uncaught error', () => {
  it.each([
    ['/throw', 'uncaught exception: not caught', 'Error: not caught'],
    ['/reject', 'unhandled rejection: not handled', 'Error: not handled'],
    [
      '/reject-unreadable',
      'unhandled rejection: an error that cannot be read',
      'Error: an error that cannot be read',
    ],
    ['/reject-nothing', 'unhandled rejection: undefined', 'undefined'],
  ])(
    '%s is logged once and reported once, then everything drains and the code is 1',
    async (path, line, report) => {
      const service = await start({ deadlineMs: 2000, stages: [['reports'], ['logs']] });
      const answer = get(service, path).catch((error: Error) => error.message);
      expect(await service.ended).toBe(1);
      expect(await answer).toBe('socket hang up');
      const errors = service.events('log').filter(({ level }) => level === 'error');
      expect(errors).toEqual([{ event: 'log', level: 'error', message: line }]);
      expect(service.events('report')).toEqual([{ event: 'report', message: report }]);
      expect(service.events('drained').map(({ name }) => name)).toEqual(['reports', 'logs']);
    },
  );

  it('ends the process within the deadline when nothing drains', async () => {
    const service = await start({ deadlineMs: 600, stages: [['hanging reports'], ['hanging logs']] });
    const met = performance.now();
    await get(service, '/throw').catch(() => {});
    expect(await service.ended).toBe(1);
    expect(elapsedSince(met)).toBeLessThan(3000);
  });

  it('during a shutdown is reported and sets the exit code', async () => {
    const service = await start({ deadlineMs: 2000, stages: [['slow reports']] });
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const slow = get(service, '/slow', agent);
    await inFlight(service, '/slow');
    const raw = connect(service.port, '127.0.0.1');
    raw.on('error', () => {});
    await once(raw, 'connect');
    service.process.kill('SIGTERM');
    await until(() => service.events('log').length > 0);
    raw.write('GET /reject HTTP/1.1\r\nHost: x\r\n\r\n');
    expect((await slow).body).toBe('late');
    expect(await service.ended).toBe(1);
    expect(service.events('report')).toHaveLength(1);
    expect(service.events('drained')).toHaveLength(1);
    agent.destroy();
  });
});
