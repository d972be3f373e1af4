import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { type FaultMode, startFaultyServer, startTcpBlackHole } from '../../helpers/network/faulty-server.ts';
import { freePort } from '../../helpers/network/free-port.ts';
import {
  type Receivers,
  SAMPLE_ALL,
  type SamplingRule,
  startReceivers,
} from '../../helpers/telemetry/receivers.ts';
import {
  startXRayService,
  type XRayService,
  type XRayServiceOptions,
} from '../../helpers/telemetry/xray-service.ts';

const TARGETS_MS = 10_100;
const RULES_MS = 5 * 60_000;

/** Samples by its reservoir alone: 20 per second, over all clients. */
const RESERVOIR_ONLY: SamplingRule = {
  ...SAMPLE_ALL,
  RuleName: 'Reservoir',
  FixedRate: 0,
  ReservoirSize: 20,
};
const NONE: SamplingRule = { ...SAMPLE_ALL, RuleName: 'None', FixedRate: 0, ReservoirSize: 0 };

let receivers: Receivers;
let service: XRayService;

/** The tests control the pollers' clock and the length of a second. */
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'Date'] });
});

afterEach(async () => {
  vi.useRealTimers();
  await service.close();
  await receivers.close();
});

async function start(
  rules: readonly SamplingRule[],
  options: Partial<XRayServiceOptions> = {},
): Promise<void> {
  receivers = await startReceivers({ samplingRules: rules });
  const port = Number(receivers.environment.AWS_XRAY_DAEMON_ADDRESS?.split(':')[1]);
  service = await startXRayService({ udp: port, tcp: port, ...options });
}

/** Waits in real time: `until` would use the fake clock. */
async function eventually<T>(predicate: () => T | Promise<T>): Promise<void> {
  const deadline = performance.now() + 5000;
  while (!(await predicate())) {
    if (performance.now() > deadline) throw new Error(`not true after 5 s: ${predicate}`);
    await sleep(10);
  }
}

describe("before the daemon's first response", () => {
  test('the rule in aws/json/xray.json applies: five per second, then one in ten', async () => {
    await start([], { tcp: await freePort() });
    expect(await service.countSampled(5)).toBe(5);
    const sampled = await service.countSampled(300);
    expect(sampled).toBeGreaterThan(5);
    expect(sampled).toBeLessThan(80);
    expect((await service.getSampling()).rule).toBeUndefined();
    vi.setSystemTime(Date.now() + 1000);
    expect(await service.countSampled(5)).toBe(5);
  });

  test('the rules are requested at start, not by the first request', async () => {
    await start([SAMPLE_ALL]);
    await eventually(() => receivers.requests('xray').length > 0);
    expect(receivers.requests('xray')[0]).toMatchObject({
      method: 'POST',
      path: '/GetSamplingRules',
      json: {},
    });
  });
});

describe("the daemon's rules", () => {
  test('apply in the order of their priority', async () => {
    await start([
      { ...SAMPLE_ALL, Priority: 2 },
      { ...NONE, Priority: 1, URLPath: '/quiet*' },
      { ...NONE, RuleName: 'Default', Priority: 10_000 },
    ]);
    await eventually(async () => (await service.getSampling()).rule === 'all');
    expect(await service.countSampled(20)).toBe(20);
  });

  test('match the path without its query', async () => {
    await start([
      { ...SAMPLE_ALL, URLPath: '/' },
      { ...NONE, RuleName: 'Default', Priority: 10_000 },
    ]);
    await eventually(async () => (await service.getSampling()).rule === 'all');
    expect(JSON.parse((await service.get('/?page=2')).body)).toEqual({ sampled: true, rule: 'all' });
  });

  test.each([
    ["the service's own name", 'backend-express'],
    ['its dynamic name', '*4567-cruddur.example*'],
  ])('that name %s match a request with a dynamic name', async (_name, ServiceName) => {
    await start(
      [
        { ...SAMPLE_ALL, ServiceName },
        { ...NONE, RuleName: 'Default', Priority: 10_000 },
      ],
      { namePattern: '*4567-cruddur.example*' },
    );
    const headers = { host: '4567-cruddur.example.dev' };
    await eventually(async () => (await service.getSampling(headers)).rule === 'all');
    for (let i = 0; i < 20; i += 1) {
      expect(await service.getSampling(headers)).toEqual({ sampled: true, rule: 'all' });
    }
  });

  test('that name another host do not match by the dynamic name', async () => {
    await start(
      [
        { ...SAMPLE_ALL, ServiceName: '4567-other*' },
        { ...NONE, RuleName: 'Default', Priority: 10_000 },
      ],
      { namePattern: '*4567-cruddur.example*' },
    );
    const headers = { host: '4567-cruddur.example.dev' };
    await eventually(async () => !(await service.getSampling(headers)).sampled);
    for (const host of ['4567-cruddur.example.dev', '4567-other.example']) {
      expect(await service.getSampling({ host })).toEqual({ sampled: false });
    }
  });

  test('sample nothing at rate 0 without a reservoir', async () => {
    await start([NONE]);
    await eventually(() => receivers.requests('xray').length > 0);
    await eventually(async () => !(await service.getSampling()).sampled);
    expect(await service.countSampled(100)).toBe(0);
  });

  test('are fetched again when the daemon reports a change', async () => {
    await start([SAMPLE_ALL]);
    await eventually(async () => (await service.getSampling()).rule === 'all');
    vi.setSystemTime(Date.now() + 30_000);
    receivers.sampling.setRules([{ ...SAMPLE_ALL, RuleName: 'changed' }]);
    await service.getSampling();
    vi.advanceTimersByTime(TARGETS_MS);
    await eventually(async () => (await service.getSampling()).rule === 'changed');
    expect(service.sink.report().last_error).toBeNull();
  });

  test('have a reservoir that is used: 20 of 200 in one second, and 20 in the next', async () => {
    await start([RESERVOIR_ONLY]);
    await eventually(() => receivers.requests('xray').length > 0);
    await eventually(async () => !(await service.getSampling()).sampled);
    vi.advanceTimersByTime(TARGETS_MS);
    await eventually(() => receivers.sampling.statistics().length > 0);
    vi.setSystemTime(Date.now() + 1000);
    await eventually(async () => (await service.getSampling()).sampled);
    vi.setSystemTime(Date.now() + 1000);
    expect(await service.countSampled(200)).toBe(20);
    vi.setSystemTime(Date.now() + 1000);
    expect(await service.countSampled(200)).toBe(20);
  });

  test('can set a quota to 0', async () => {
    await start([RESERVOIR_ONLY]);
    await eventually(() => receivers.requests('xray').length > 0);
    await eventually(async () => !(await service.getSampling()).sampled);
    vi.advanceTimersByTime(TARGETS_MS);
    await eventually(() => receivers.sampling.statistics().length > 0);
    vi.setSystemTime(Date.now() + 1000);
    await eventually(async () => (await service.getSampling()).sampled);
    receivers.sampling.setRules([{ ...RESERVOIR_ONLY, ReservoirSize: 0 }]);
    vi.advanceTimersByTime(TARGETS_MS);
    let seconds = 0;
    await eventually(async () => {
      seconds += 1;
      vi.setSystemTime(Date.now() + 1000);
      return (await service.countSampled(3)) === 0;
    });
    // The previous quota would have lasted for twenty.
    expect(seconds).toBeLessThan(10);
    expect(await service.countSampled(50)).toBe(0);
  });

  test('are reported with the matched and sampled requests and the client id', async () => {
    await start([SAMPLE_ALL]);
    await eventually(async () => (await service.getSampling()).rule === 'all');
    await service.countSampled(41);
    vi.advanceTimersByTime(TARGETS_MS);
    await eventually(() => receivers.sampling.statistics().length > 0);
    expect(receivers.sampling.statistics()[0]).toEqual({
      RuleName: 'all',
      ClientID: expect.stringMatching(/^[0-9a-f]{24}$/),
      RequestCount: 42,
      SampledCount: 41,
      BorrowCount: 1,
      Timestamp: expect.any(Number),
    });
    expect(Math.abs(Number(receivers.sampling.statistics()[0]?.Timestamp) - Date.now() / 1000)).toBeLessThan(
      5,
    );
  });
});

describe('the Sampled flag of a caller', () => {
  const traceHeader = (sampled: number, forwardedFor?: string) => ({
    'x-amzn-trace-id': `Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=${sampled}`,
    ...(forwardedFor !== undefined && { 'x-forwarded-for': forwardedFor }),
  });

  async function startWith(rule: SamplingRule, options: Partial<XRayServiceOptions>) {
    await start([rule], options);
    await eventually(() => receivers.requests('xray').length > 0);
    await eventually(async () => (await service.getSampling()).sampled === (rule.FixedRate === 1));
  }

  test('can force sampling where every hop is trusted, and nowhere else', async () => {
    await startWith(NONE, { trustProxy: ['loopback', '10.0.0.0/8'] });
    expect(await service.getSampling(traceHeader(1, '10.1.2.3, 10.1.2.4'))).toEqual({ sampled: true });
    for (const forwardedFor of [undefined, '203.0.113.9', '203.0.113.9, 10.1.2.3', '10.1.2.3, 203.0.113.9'])
      expect(await service.getSampling(traceHeader(1, forwardedFor))).toEqual({ sampled: false });
  });

  test('can prevent sampling where every hop is trusted, and nowhere else', async () => {
    await startWith(SAMPLE_ALL, { trustProxy: ['loopback', '10.0.0.0/8'] });
    expect(await service.getSampling(traceHeader(0, '10.1.2.3'))).toEqual({ sampled: false });
    expect(await service.getSampling(traceHeader(0, '203.0.113.9'))).toMatchObject({ sampled: true });
    expect(await service.getSampling(traceHeader(0))).toMatchObject({ sampled: true });
  });

  test('counts for every caller with TRUST_TRACE_SAMPLING', async () => {
    await startWith(NONE, { trustTraceSampling: true });
    expect(await service.getSampling(traceHeader(1))).toEqual({ sampled: true });
  });

  test.each([
    ['when no proxy is trusted', false],
    ['when the caller is not the trusted proxy', ['203.0.113.0/24']],
    ['when a number of proxies is trusted', 1],
    ['when any proxy is trusted', true],
  ])('decides nothing %s', async (_name, trustProxy) => {
    await startWith(NONE, { trustProxy });
    for (const forwardedFor of [undefined, '127.0.0.1', '203.0.113.9', '127.0.0.1, 127.0.0.1'])
      expect(await service.getSampling(traceHeader(1, forwardedFor))).toEqual({ sampled: false });
  });
});

describe('a daemon whose responses are', () => {
  const wrong: [string, FaultMode, RegExp][] = [
    ['null', 'null', /does not match the API documentation/],
    ['a web page', 'garbage', /not JSON/],
    ['endless', 'huge', /not JSON/],
    ['cut off', 'reset', /ECONNRESET|socket hang up/],
    ['an error', { status: 500, body: '{"message":"secret"}' }, /\/GetSamplingRules answered 500$/],
    ['a refusal of IAM', { status: 403, body: '{"message":"secret"}' }, /answered 403$/],
    [
      'of wrong types',
      json({ SamplingRuleRecords: [{ SamplingRule: { Version: 1, RuleName: 7 } }] }),
      /RuleName/,
    ],
    ['out of range', json({ SamplingRuleRecords: [record({ FixedRate: 7 })] }), /FixedRate/],
    ['too long', json({ SamplingRuleRecords: [record({ URLPath: '*a'.repeat(1000) })] }), /URLPath/],
    ['after the prototype', json({ SamplingRuleRecords: [record({ RuleName: '__proto__' })] }), /RuleName/],
  ];

  test.each(wrong)('%s: nothing changes, and the reason is reported', async (_name, mode, reason) => {
    const hostile = await startFaultyServer(mode);
    onTestFinished(() => hostile.close());
    await start([], { tcp: hostile.port });
    expect(await service.countSampled(5)).toBe(5);
    await eventually(() => service.sink.report().last_error?.match(reason));
    expect(service.sink.report().last_error).toMatch(/^sampling: /);
    expect(service.sink.report().last_error).not.toContain('secret');
    expect((await service.getSampling()).rule).toBeUndefined();
  });

  test.each(wrong)('%s: the last valid rules stay', async (_name, mode) => {
    const healthy = await startReceivers();
    onTestFinished(() => healthy.close());
    const hostile = await startFaultyServer('ok', healthy.url);
    onTestFinished(() => hostile.close());
    await start([], { tcp: hostile.port });
    await eventually(async () => (await service.getSampling()).rule === 'all');
    hostile.become(mode);
    vi.advanceTimersByTime(RULES_MS);
    await eventually(() => service.sink.report().last_error?.startsWith('sampling: '));
    expect(await service.getSampling()).toEqual({ sampled: true, rule: 'all' });
  });

  test('late: the rules are fetched again after ten seconds', async () => {
    const healthy = await startReceivers();
    onTestFinished(() => healthy.close());
    const hostile = await startFaultyServer('reset', healthy.url);
    onTestFinished(() => hostile.close());
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'setTimeout', 'clearTimeout'] });
    await start([], { tcp: hostile.port });
    await eventually(() => service.sink.report().last_error !== null);
    hostile.become('ok');
    expect((await service.getSampling()).rule).toBeUndefined();
    vi.advanceTimersByTime(10_000);
    await eventually(async () => (await service.getSampling()).rule === 'all');
    expect(await service.getSampling()).toEqual({ sampled: true, rule: 'all' });
    vi.useRealTimers();
  });

  test('of a later rule version: those rules are skipped', async () => {
    const later = json({ SamplingRuleRecords: [{ SamplingRule: { Version: 2, Shape: 'new' } }, record({})] });
    const hostile = await startFaultyServer(later);
    onTestFinished(() => hostile.close());
    await start([], { tcp: hostile.port });
    await eventually(async () => (await service.getSampling()).rule === 'all');
    expect(service.sink.report().last_error).toBeNull();
  });

  test('missing: requests are served, and connections do not accumulate', async () => {
    const hole = await startTcpBlackHole();
    onTestFinished(() => hole.close());
    await start([], { tcp: hole.port });
    await eventually(() => hole.connections() > 0);
    vi.advanceTimersByTime(20 * RULES_MS);
    expect(await service.countSampled(5)).toBe(5);
    expect(hole.connections()).toBe(1);
  });
});

test('a failed report is sent again, with the requests of both', async () => {
  const healthy = await startReceivers();
  onTestFinished(() => healthy.close());
  const hostile = await startFaultyServer('ok', healthy.url);
  onTestFinished(() => hostile.close());
  await start([], { tcp: hostile.port });
  await eventually(async () => (await service.getSampling()).rule === 'all');
  await service.countSampled(9);
  hostile.become({ status: 500 });
  vi.advanceTimersByTime(TARGETS_MS);
  await eventually(() => service.sink.report().last_error === 'sampling: /SamplingTargets answered 500');
  hostile.become('ok');
  await service.countSampled(5);
  vi.advanceTimersByTime(TARGETS_MS);
  await eventually(() => healthy.sampling.statistics().length > 0);
  expect(healthy.sampling.statistics()[0]?.RequestCount).toBe(15);
});

test('the daemon is called over IPv6, with a new connection each time', async () => {
  const healthy = await startReceivers();
  onTestFinished(() => healthy.close());
  const connections = new Set<unknown>();
  const server = createServer(async (request, response) => {
    connections.add(request.socket);
    const body = await buffer(request);
    const answer = await fetch(`${healthy.url}${request.url}`, { method: 'POST', body });
    response.end(Buffer.from(await answer.arrayBuffer()));
  });
  await new Promise<void>((resolve) => server.listen(0, '::1', resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  await start([], { tcp: port, tcpHost: '::1' });
  for (const calls of [1, 2, 3]) {
    await eventually(async () => (await service.getSampling()).rule === 'all');
    await eventually(() => healthy.requests('xray').length === calls);
    vi.advanceTimersByTime(TARGETS_MS);
  }
  expect(connections.size).toBe(3);
  expect(service.sink.report().last_error).toBeNull();
});

test('the drain ends the polling', async () => {
  await start([SAMPLE_ALL]);
  await eventually(async () => (await service.getSampling()).rule === 'all');
  await service.xray.drain(1000);
  const requests = receivers.requests('xray').length;
  vi.advanceTimersByTime(2 * RULES_MS);
  expect(await service.countSampled(20)).toBe(20);
  expect(receivers.requests('xray')).toHaveLength(requests);
});

function record(changes: Partial<SamplingRule> | { RuleName: string }) {
  return { SamplingRule: { ...SAMPLE_ALL, ...changes }, CreatedAt: 0, ModifiedAt: 0 };
}

function json(body: unknown): FaultMode {
  return { status: 200, body: JSON.stringify(body) };
}
