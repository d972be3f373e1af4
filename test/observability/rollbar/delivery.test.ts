import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createSinkCounters, type SinkCounters } from '../../../src/observability/delivery/sink-counters.ts';
import { createReporter, type Reporter } from '../../../src/observability/rollbar/reporter.ts';
import { type FaultyServer, startFaultyServer } from '../../helpers/network/faulty-server.ts';
import { freePort } from '../../helpers/network/free-port.ts';
import { type Receivers, startReceivers } from '../../helpers/telemetry/receivers.ts';
import { until } from '../../helpers/until.ts';

const TOKEN = 'token-0123456789abcdef';

let receivers: Receivers;
const servers: FaultyServer[] = [];
beforeAll(async () => {
  receivers = await startReceivers();
});
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});
afterAll(() => receivers.close());

async function reporterTo(origin: string): Promise<{ reporter: Reporter; sink: SinkCounters }> {
  const sink = createSinkCounters('rollbar', 'localhost');
  const reporter = await createReporter({
    config: {
      accessToken: TOKEN,
      environment: 'test',
      endpoint: `${origin}/api/1/item/`,
      itemsPerMinute: 10_000,
    },
    service: { name: 'backend-express', version: '1.2.3' },
    sink,
  });
  return { reporter, sink };
}

async function behind(mode: Parameters<typeof startFaultyServer>[0]) {
  const server = await startFaultyServer(mode, receivers.url);
  servers.push(server);
  return { server, ...(await reporterTo(server.url)) };
}

describe('when Rollbar rejects permanently', () => {
  it.each([
    [
      { status: 401, body: `{"err":1,"message":"invalid ${TOKEN}"}` },
      'Rollbar answered 401: ROLLBAR_ACCESS_TOKEN is not accepted',
    ],
    [{ status: 403 }, 'Rollbar answered 403: ROLLBAR_ACCESS_TOKEN is not accepted'],
    [{ status: 400 }, 'Rollbar answered 400'],
    [{ status: 413 }, 'Rollbar answered 413'],
    [{ status: 422 }, 'Rollbar answered 422'],
    [{ status: 302, headers: { location: '/' } }, 'Rollbar answered 302'],
    [{ status: 204 }, 'Rollbar answered 204 without acknowledging the report'],
    [{ status: 200, body: '{"err":1}' }, 'Rollbar answered 200 without acknowledging the report'],
    ['null', 'Rollbar answered 200 without acknowledging the report'],
    ['garbage', 'Rollbar answered 200 without acknowledging the report'],
    ['huge', 'Rollbar answered 200 without acknowledging the report'],
  ] as const)('with %j: the report is dropped after one attempt, with a reason', async (mode, reason) => {
    const { server, reporter, sink } = await behind(mode);
    reporter.error(new Error('x'));
    await reporter.drain(5000);
    expect(sink.report()).toMatchObject({
      accepted: 1,
      sent: 0,
      dropped: 1,
      last_error: `Refused: ${reason}`,
    });
    expect(server.requests()).toBe(1);
  });
});

describe('when Rollbar fails', () => {
  it.each([
    [{ status: 500 }, 'Rollbar answered 500'],
    [{ status: 503 }, 'Rollbar answered 503'],
    ['reset', /ECONNRESET|socket hang up/],
  ] as const)('with %j: the report is retried until accepted, and delivered once', async (mode, reason) => {
    const { server, reporter, sink } = await behind(mode);
    const before = receivers.reports().length;
    reporter.error(new Error('x'));
    await until(() => sink.report().last_error);
    expect(sink.report()).toMatchObject({ queued: 1, dropped: 0, last_error: expect.stringMatching(reason) });
    server.become('ok');
    await until(() => sink.report().sent === 1);
    expect(receivers.reports()).toHaveLength(before + 1);
  });

  it.each([
    ['x-rate-limit-remaining-seconds', () => '1'],
    ['retry-after', () => new Date(Date.now() + 2000).toUTCString()],
  ])('with 429 and %s: waits for the requested pause, then sends the same report', async (name, value) => {
    const { server, reporter, sink } = await behind({ status: 429, headers: { [name]: value() } });
    reporter.error(new Error('x'));
    await until(() => sink.report().last_error);
    const throttled = performance.now();
    server.become('ok');
    await until(() => sink.report().sent === 1);
    expect(performance.now() - throttled).toBeGreaterThan(800);
    expect(sink.report()).toMatchObject({ last_error: 'Throttled: Rollbar answered 429', dropped: 0 });
    expect(server.requests()).toBe(2);
  });

  it.each([
    ['hanging', 'hang'],
    ['throttling', { status: 429, headers: { 'retry-after': '3600' } }],
  ] as const)('%s: a drain ends in time, and counts the remaining reports', async (_name, mode) => {
    const { server, reporter, sink } = await behind(mode);
    for (let n = 0; n < 20; n += 1) reporter.error(new Error(`fault ${n}`));
    await until(() => server.requests() > 0);
    const begun = performance.now();
    await reporter.drain(300);
    expect(performance.now() - begun).toBeLessThan(2000);
    expect(sink.report()).toMatchObject({ accepted: 20, sent: 0, dropped: 20, queued: 0 });
    expect(sink.report().last_error).toMatch(/not acknowledged within \d+ ms of the drain/);
  });

  it('refusing connections: reports wait, and a drain drops them', async () => {
    const { reporter, sink } = await reporterTo(`http://127.0.0.1:${await freePort()}`);
    reporter.error(new Error('x'));
    await until(() => sink.report().last_error?.includes('ECONNREFUSED'));
    expect(sink.report()).toMatchObject({ queued: 1, dropped: 0 });
    await reporter.drain(100);
    expect(sink.report()).toMatchObject({ queued: 0, dropped: 1 });
  });

  it('slowly: no report is lost, and four are in flight at a time', async () => {
    const { reporter, sink } = await behind({ slow: 200 });
    for (let n = 0; n < 12; n += 1) reporter.error(new Error(`fault ${n}`));
    const begun = performance.now();
    await reporter.drain(10_000);
    expect(sink.report()).toMatchObject({ sent: 12, dropped: 0 });
    expect(performance.now() - begun).toBeLessThan(1800);
  });
});

describe('when there is no room', () => {
  it('keeps at most a thousand reports, folds the rest, and does not delay the caller', async () => {
    const { reporter, sink } = await behind('hang');
    const begun = performance.now();
    for (let n = 0; n < 3000; n += 1) reporter.warning(`message ${n}`);
    expect(performance.now() - begun).toBeLessThan(500);
    expect(sink.report()).toMatchObject({ accepted: 3000, dropped: 0, queued: 3000 });
    await reporter.drain(100);
    expect(sink.report()).toMatchObject({ accepted: 3000, sent: 0, dropped: 3000, queued: 0 });
  });

  it('counts reports that are added after the drain as dropped', async () => {
    const { reporter, sink } = await behind('ok');
    await reporter.drain(1000);
    reporter.error(new Error('late'));
    expect(sink.report()).toMatchObject({ accepted: 1, dropped: 1 });
  });

  it('counts reports that the drain had no time to build as dropped', async () => {
    const { reporter, sink } = await behind('ok');
    for (let n = 0; n < 200; n += 1) reporter.error(new Error(`fault ${n}`));
    await reporter.drain(0);
    await until(() => sink.report().accepted === 200);
    expect(sink.report()).toMatchObject({ sent: 0, dropped: 200, queued: 0 });
  });
});
