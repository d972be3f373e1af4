import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ask, traceIdOf } from '../../helpers/network/http-client.ts';
import { until } from '../../helpers/until.ts';
import { type ComposeProject, createComposeProject } from '../support/compose-project.ts';
import { describeRealService } from '../support/describe-real-service.ts';
import { underLoad } from '../support/under-load.ts';

const READY_MS = 3000;
const EXIT_MS = 8000;
const ALL_FOUR = ['span', 'segment', 'log', 'error'];

/** The factor by which a busy machine is slower. */
const busy = () => Math.max(1, (loadavg()[0] ?? 0) / availableParallelism());

describeRealService('docker', 'Docker engine', ({ path }) => {
  const folder = mkdtempSync(join(tmpdir(), 'cruddur-compose-'));
  let project: ComposeProject;

  beforeAll(async () => {
    project = await createComposeProject(path, folder);
    await project.compose('up', '--build', '--detach');
    await ready();
  });
  afterAll(async () => {
    await project.compose('down', '--volumes');
    rmSync(folder, { recursive: true });
  });

  const ready = () => until(async () => (await project.ask('/readyz')).status === 200, 60_000);
  const foundIn = async (has: readonly string[]) => {
    const answer = await project.ask('/rollbar/test');
    return (await project.trace(traceIdOf(answer), has)).status === 200;
  };
  const home = async () => JSON.parse((await project.ask('/api/activities/home')).body);

  it('starts an API with the demo data', async () => {
    expect((await home()).length).toBeGreaterThan(2);
  });

  it('records one request with one trace id in all four systems, without keys', async () => {
    const answer = await project.ask('/rollbar/test');
    expect((await project.trace(traceIdOf(answer), ALL_FOUR)).status).toBe(200);
    expect(JSON.parse((await project.ask('/telemetry')).body)).toMatchObject({
      honeycomb: { destination: 'console:4568', dropped: 0 },
      xray: { destination: 'xray-daemon:2000', dropped: 0 },
      cloudwatch: { destination: 'console:4568', dropped: 0 },
      rollbar: { destination: 'console:4568', dropped: 0 },
    });
  });

  it('serves the page of the console, on addresses of this machine only', async () => {
    const { status, headers } = await fetch(project.console);
    expect([status, headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    for (const service of ['backend', 'console', 'xray-daemon']) {
      const ports = await project.docker(service, 'port', '{}');
      expect(ports.split('\n').map((line) => line.replace(/.* -> (.*):\d+$/, '$1'))).toEqual(
        expect.arrayContaining(['127.0.0.1']),
      );
      expect(ports).not.toContain('0.0.0.0');
    }
  });

  it.each(['backend', 'console'])('makes %s healthy', async (service) => {
    await until(
      async () =>
        (await project.docker(service, 'inspect', '--format', '{{.State.Health.Status}}', '{}')) ===
        'healthy',
      60_000,
    );
  });

  it.each(['backend', 'console'])(
    'runs %s as the user node, under an init, on a read-only file system',
    async (service) => {
      const look = 'id -un; cat /proc/1/comm; grep CapEff /proc/1/status; touch /app/x || echo refused';
      const seen = await project.docker(service, 'exec', '{}', 'sh', '-c', look);
      expect(seen.split('\n')).toEqual(['node', 'tini', 'CapEff:\t0000000000000000', 'refused']);
    },
  );

  it.each([
    ['xray-daemon', ALL_FOUR],
    // The substitute for the daemon may lose the first segments while it waits for the console.
    ['console', ['span', 'log', 'error']],
  ])('serves requests while %s restarts, and records them completely afterwards', async (service, atOnce) => {
    const { statuses } = await underLoad(project, () => project.compose('restart', service));
    expect(statuses).toEqual({ 200: expect.any(Number) });
    await until(async () => (await ask(project.console)).status === 200, 30_000);
    expect(await foundIn(atOnce)).toBe(true);
    await until(() => foundIn(ALL_FOUR), 60_000);
  });

  it('answers 200 or 503 while the database restarts, and 200 afterwards', async () => {
    const { statuses } = await underLoad(project, () => project.compose('restart', 'db'));
    expect(Object.keys(statuses).filter((status) => !['200', '503'].includes(status))).toEqual([]);
    await ready();
    const answer = await project.ask('/api/activities/home');
    expect(answer.status).toBe(200);
    expect((await project.trace(traceIdOf(answer), ['span', 'segment', 'log'])).status).toBe(200);
  });

  it('exits in time on SIGTERM without losing data, and is ready in time after a start', async () => {
    const answer = await project.ask('/rollbar/test');
    const stopped = performance.now();
    await project.compose('stop', 'backend');
    const exit = performance.now() - stopped;
    expect((await project.trace(traceIdOf(answer), ALL_FOUR)).status).toBe(200);
    expect(await project.docker('backend', 'inspect', '--format', '{{.State.ExitCode}}', '{}')).toBe('0');

    await project.compose('start', 'backend');
    await ready();
    const started = Date.parse(
      await project.docker('backend', 'inspect', '--format', '{{.State.StartedAt}}', '{}'),
    );
    const [, at = ''] =
      /.*"timestamp":"([^"]+)".*"started"/.exec(
        await project.docker('backend', 'logs', '--since', new Date(started).toISOString(), '{}'),
      ) ?? [];
    const start = Date.parse(at) - started;
    process.stdout.write(
      `SIGTERM to exit ${Math.round(exit)} ms, start to ready ${start} ms, at a load of ${loadavg()[0]}\n`,
    );
    expect(exit).toBeLessThan(EXIT_MS * busy());
    expect(start).toBeLessThan(READY_MS * busy());
  });

  it('keeps posted activities through down and up', async () => {
    const body = { message: 'here to stay', ttl: '1-day' };
    const { uuid } = JSON.parse((await project.ask('/api/activities', { body })).body);
    await project.compose('down');
    await project.compose('up', '--detach');
    await ready();
    expect(JSON.parse((await project.ask(`/api/activities/${uuid}`)).body)).toMatchObject({
      uuid,
      message: body.message,
    });
  });
});
