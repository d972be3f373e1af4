import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SinkName, SinkReport } from '../../src/observability/delivery/sink-counters.ts';
import { type Service, useServices } from '../helpers/app/service.ts';
import { useDatabase } from '../helpers/database/databases.ts';
import { type FaultMode, startFaultyServer } from '../helpers/network/faulty-server.ts';
import { freePort } from '../helpers/network/free-port.ts';
import { type Answer, traceIdOf } from '../helpers/network/http-client.ts';
import { createTcpProxy } from '../helpers/network/tcp-proxy.ts';
import { isApiCompiled } from '../helpers/process/compile-cache.ts';
import { type Receivers, startReceivers } from '../helpers/telemetry/receivers.ts';
import { rulesArrived } from '../helpers/telemetry/sampling-rules.ts';
import { until } from '../helpers/until.ts';
import { createUdpProxy } from './udp-proxy.ts';

const DEADLINE_MS = 1500;
/** Time for the process to receive the signal and to exit, on a busy machine. */
const MARGIN_MS = 700;
const HOME = '/api/activities/home';
const OK = { status: 200 };
const KEYS = { honeycomb: 'hcaik-hush-1', rollbar: 'b0bafe77b0bafe77b0bafe77b0bafe77' };

const receivers = await startReceivers();
/** For the service whose sinks are cut off one after the other. */
const proxied = await startReceivers();
afterAll(() => Promise.all([receivers.close(), proxied.close()]));
const db = useDatabase('postgres');
const services = useServices();
let healthy: Service;

beforeAll(async () => {
  const environment = { ...receivers.environment, DATABASE_URL: db.url };
  healthy = await services.start(environment);
  if (isApiCompiled()) return;
  // The first process that exits fills Node's cache of compiled code, which takes seconds when ten do it at
  // once.
  expect(await Promise.all([healthy.ask(HOME), healthy.ask('/rollbar/test')])).toMatchObject([OK, OK]);
  expect(await healthy.stop()).toMatchObject({ code: 0 });
  healthy = await services.start(environment);
});

const SINKS = ['honeycomb', 'xray', 'cloudwatch', 'rollbar'] as const;

type Outage = FaultMode | 'refuse';
type Telemetry = Record<SinkName, SinkReport>;

/** Starts a service whose four sinks all fail in the same way. */
async function startWithFailingSinks(outage: Outage): Promise<{ service: Service; host: string }> {
  const faulty = outage === 'refuse' ? undefined : await startFaultyServer(outage, receivers.url);
  if (faulty) closing.push(faulty.close);
  const port = faulty?.port ?? (await freePort());
  const url = `http://127.0.0.1:${port}`;
  const daemon = outage === 'refuse' ? `127.0.0.1:${port}` : receivers.environment.AWS_XRAY_DAEMON_ADDRESS;
  const service = await services.start({
    ...environmentAt(receivers, { otlp: url, logs: url, rollbar: url }),
    AWS_XRAY_DAEMON_ADDRESS: `udp:${daemon} tcp:127.0.0.1:${port}`,
  });
  return { service, host: `127.0.0.1:${port}` };
}

const closing: (() => Promise<void>)[] = [];
afterAll(() => Promise.all(closing.map((close) => close())));

function environmentAt({ environment }: Receivers, urls: { otlp: string; logs: string; rollbar: string }) {
  return {
    ...environment,
    DATABASE_URL: db.url,
    OTEL_EXPORTER_OTLP_ENDPOINT: urls.otlp,
    OTEL_EXPORTER_OTLP_HEADERS: `x-honeycomb-team=${KEYS.honeycomb}`,
    AWS_ENDPOINT_URL_CLOUDWATCH_LOGS: urls.logs,
    ROLLBAR_ACCESS_TOKEN: KEYS.rollbar,
    ROLLBAR_ENDPOINT: new URL('/api/1/item/', urls.rollbar).href,
    // Reports a missing answer soon.
    OTEL_EXPORTER_OTLP_TIMEOUT: '500',
    OTEL_BSP_SCHEDULE_DELAY: '50',
    SHUTDOWN_DEADLINE_MS: String(DEADLINE_MS),
  };
}

/** Sends requests to both services in turn, so that the machine's load is the same for both. */
async function compare(service: Service): Promise<void> {
  const answers: Answer[] = [];
  const healthyAnswers: Answer[] = [];
  for (let index = 0; index < 40; index += 1) {
    const path = index % 10 === 0 ? '/rollbar/test' : HOME;
    answers.push(await service.ask(path));
    healthyAnswers.push(await healthy.ask(path));
  }
  for (const { status } of answers) expect(status).toBe(200);
  expect(quantile(answers, 0.5)).toBeLessThan(quantile(healthyAnswers, 0.5) + 100);
  expect(quantile(answers, 0.9)).toBeLessThan(quantile(healthyAnswers, 0.9) + 250);
}

function quantile(answers: readonly Answer[], share: number): number {
  const sorted = answers.map(({ durationMs }) => durationMs).sort((a, b) => a - b);
  return sorted[Math.floor(share * (sorted.length - 1))] ?? Number.NaN;
}

function expectConsistent(telemetry: Telemetry): void {
  for (const { accepted, sent, dropped, queued } of Object.values(telemetry)) {
    expect(accepted).toBe(sent + dropped + queued);
    expect(accepted).toBeGreaterThan(0);
  }
  const text = JSON.stringify(telemetry);
  for (const secret of [...Object.values(KEYS), 'AKIA', 'wJalr', '/api/1/item', 'http:', 'x-honeycomb'])
    expect(text).not.toContain(secret);
}

describe.concurrent('with one unreachable sink after the other', () => {
  it('the other sinks get everything, and each sink gets what it missed when it is back', async () => {
    const proxies = await openProxies();
    const { AWS_XRAY_DAEMON_ADDRESS: daemon } = proxied.environment;
    const service = await services.start({
      ...environmentAt(proxied, {
        otlp: proxies.honeycomb.url,
        logs: proxies.cloudwatch.url,
        rollbar: proxies.rollbar.url,
      }),
      AWS_XRAY_DAEMON_ADDRESS: `udp:127.0.0.1:${proxies.xray.port} tcp:${daemon}`,
    });
    await rulesArrived(service, proxied);
    const answers: Answer[] = [];
    for (const name of SINKS) {
      await proxies[name].shut();
      const paths = [HOME, HOME, HOME, '/rollbar/test'];
      const missed = await Promise.all(paths.map((path) => service.ask(path)));
      answers.push(...missed);
      await proxied.until(async () => {
        await pause(100);
        for (const other of SINKS) if (other !== name) expect(missingAt(other, missed), other).toEqual([]);
        expect((await service.telemetry())[name].last_error).toMatch(/ECONN|hang up/);
        expect(missingAt(name, missed).length).toBeGreaterThan(0);
        return true;
      }, 10_000);
      await proxies[name].open();
    }
    await proxied.until(() => {
      for (const name of SINKS) expect(missingAt(name, answers), name).toEqual([]);
      return true;
    }, 10_000);
    const telemetry = await service.telemetry();
    expectConsistent(telemetry);
    expect(SINKS.map((name) => telemetry[name].dropped)).toEqual([0, 0, 0, 0]);

    proxies.rollbar.stall();
    const last = [await service.ask('/rollbar/test')];
    const { code, afterMs } = await service.stop();
    expect(code).toBe(0);
    expect(afterMs).toBeLessThan(DEADLINE_MS + MARGIN_MS);
    for (const name of SINKS) if (name !== 'rollbar') expect(missingAt(name, last), name).toEqual([]);
    const losses = service.lines().filter(({ message }) => / lost \d+ of \d+: /.test(message));
    expect(losses.map(({ sink, dropped }) => ({ sink, dropped }))).toEqual([{ sink: 'rollbar', dropped: 1 }]);
  });
});

describe.concurrent('with four failing sinks', () => {
  it.each<[string, Outage, Partial<Record<SinkName, RegExp>>]>([
    [
      'that refuse connections',
      'refuse',
      {
        honeycomb: /ECONNREFUSED/,
        xray: /ECONNREFUSED/,
        cloudwatch: /ECONNREFUSED/,
        rollbar: /ECONNREFUSED/,
      },
    ],
    ['that never answer', 'hang', { honeycomb: /no answer/ }],
    ['that answer late', { slow: 200 }, {}],
    [
      'that reset connections',
      'reset',
      { honeycomb: /ECONNRESET/, xray: /ECONNRESET/, cloudwatch: /ECONNRESET/, rollbar: /ECONNRESET/ },
    ],
    [
      'that do not accept the key',
      { status: 401, body: `no such key: ${KEYS.honeycomb}, ${KEYS.rollbar}` },
      { honeycomb: /401/, xray: /401/, cloudwatch: /401/, rollbar: /401: ROLLBAR_ACCESS_TOKEN/ },
    ],
    [
      'that ask for fewer requests',
      { status: 429, headers: { 'retry-after': '30' } },
      { honeycomb: /429/, xray: /429/, cloudwatch: /429/, rollbar: /429/ },
    ],
    [
      'that fail',
      { status: 500, body: 'boom' },
      { honeycomb: /500/, xray: /500/, cloudwatch: /500/, rollbar: /500/ },
    ],
    [
      'that answer null',
      'null',
      {
        honeycomb: /acknowledging/,
        xray: /does not match the API/,
        cloudwatch: /not from CloudWatch Logs/,
        rollbar: /acknowledging/,
      },
    ],
  ])(
    '%s, requests stay fast, losses are logged, and shutdown meets its deadline',
    async (_which, outage, failures) => {
      const { service, host } = await startWithFailingSinks(outage);
      await compare(service);

      const telemetry = await until(async () => {
        const now = await service.telemetry();
        for (const name of SINKS) {
          const failure = failures[name];
          if (failure) expect(now[name].last_error, name).toMatch(failure);
          if (isSlow(outage)) expect(now[name].sent, name).toBeGreaterThan(0);
        }
        return now;
      });
      expectConsistent(telemetry);
      for (const name of ['honeycomb', 'cloudwatch', 'rollbar'] as const)
        expect(telemetry[name].destination).toBe(host);
      expect((await service.ask('/livez')).status).toBe(200);

      const { code, stderr, afterMs } = await service.stop();
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(afterMs).toBeLessThan(DEADLINE_MS + MARGIN_MS);
      const losses = service.lines().filter(({ message }) => / lost \d+ of \d+: /.test(message));
      for (const { sink, accepted, sent, dropped, queued } of losses)
        expect({ sink, accepted }).toEqual({
          sink,
          accepted: Number(sent) + Number(dropped) + Number(queued),
        });
      expect(losses.map(({ sink }) => sink)).toEqual(lossesOf(outage));
    },
  );
});

async function openProxies() {
  const [honeycomb, cloudwatch, rollbar] = await Promise.all([
    createTcpProxy(proxied.url),
    createTcpProxy(proxied.url),
    createTcpProxy(proxied.url),
  ]);
  const xray = await createUdpProxy(Number(proxied.environment.AWS_XRAY_DAEMON_ADDRESS?.split(':')[1]));
  const proxies = { honeycomb, cloudwatch, rollbar, xray };
  closing.push(...Object.values(proxies).map((proxy) => proxy.close));
  return proxies;
}

/** Returns the trace ids of the answers that a system does not have completely. */
function missingAt(name: SinkName, answers: readonly Answer[]): string[] {
  const isReport = ({ body }: Answer) => body === 'Hello World!';
  const expected = answers.filter((answer) => name !== 'rollbar' || isReport(answer)).map(traceIdOf);
  const arrived = {
    honeycomb: () =>
      proxied
        .spans()
        .filter(({ kind }) => kind === 'server')
        .map(({ traceId }) => traceId),
    xray: () => proxied.segments().map(({ trace_id }) => trace_id?.slice(2).replace('-', '')),
    cloudwatch: () => proxied.logEvents().map(({ fields }) => fields.status && fields.trace_id),
    rollbar: () => proxied.reports().map(({ trace_id }) => trace_id),
  };
  const ids = new Set<unknown>(arrived[name]());
  return expected.filter((id) => !ids.has(id));
}

/** Only a refusal is visible over UDP. */
function lossesOf(outage: Outage): SinkName[] {
  if (outage === 'refuse') return ['honeycomb', 'xray', 'cloudwatch', 'rollbar'];
  return isSlow(outage) ? [] : ['honeycomb', 'cloudwatch', 'rollbar'];
}

function isSlow(outage: Outage): boolean {
  return typeof outage === 'object' && 'slow' in outage;
}
