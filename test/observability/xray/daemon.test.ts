import { createSocket, type Socket } from 'node:dgram';
import dns from 'node:dns';
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { createSinkCounters } from '../../../src/observability/delivery/sink-counters.ts';
import { traced } from '../../../src/observability/traced.ts';
import { createDaemonSender } from '../../../src/observability/xray/daemon-sender.ts';
import { startUdpBlackHole } from '../../helpers/network/faulty-server.ts';
import { type Receivers, SAMPLE_ALL, startReceivers } from '../../helpers/telemetry/receivers.ts';
import {
  startXRayService,
  traceIdOf,
  type XRayServiceOptions,
} from '../../helpers/telemetry/xray-service.ts';
import { until } from '../../helpers/until.ts';

let receivers: Receivers;

beforeEach(async () => {
  receivers = await startReceivers();
});

afterEach(() => receivers.close());

function daemonPort(): number {
  return Number(receivers.environment.AWS_XRAY_DAEMON_ADDRESS?.split(':')[1]);
}

async function start(options: Partial<XRayServiceOptions> = {}) {
  const service = await startXRayService({ udp: daemonPort(), tcp: daemonPort(), ...options });
  onTestFinished(() => service.close());
  await until(async () => (await service.getSampling()).rule === SAMPLE_ALL.RuleName);
  return service;
}

describe('segments', () => {
  test('have all reached the daemon when the drain resolves', async () => {
    const service = await start();
    const answers = await Promise.all(Array.from({ length: 300 }, () => service.get('/')));
    await service.xray.drain(5000);
    const { accepted, sent, dropped, queued } = service.sink.report();
    expect({ sent, dropped, queued }).toEqual({ sent: accepted, dropped: 0, queued: 0 });
    await receivers.until(() => receivers.segments().length === accepted);
    const arrived = new Set(receivers.segments().map(({ trace_id }) => trace_id));
    for (const answer of answers) expect(arrived).toContain(traceIdOf(answer));
  });

  test('of a thousand subsegments with metadata arrive whole', async () => {
    const service = await start({
      routes: (app) =>
        app.get('/many', async (_request, response) => {
          for (let i = 0; i < 1000; i++) {
            await traced(`part-${i}`, {}, async (span) => span.setMetadata('text', 'x'.repeat(200)));
          }
          response.json({});
        }),
    });
    const traceId = traceIdOf(await service.get('/many'));
    const names = await receivers.until(() => {
      const [segment] = receivers.segments().filter(({ trace_id }) => trace_id === traceId);
      const parts = segment?.subsegments?.map(({ name }) => name) ?? [];
      return parts.length === 1000 && parts;
    });
    expect(new Set(names || []).size).toBe(1000);
    expect(service.sink.report().dropped).toBe(0);
  });

  test('with more than a hundred open subsegments are sent in parts, and arrive whole', async () => {
    const service = await start({
      routes: (app) =>
        app.get('/wide', async (_request, response) => {
          await Promise.all(
            Array.from({ length: 250 }, (_, i) =>
              traced(`part-${i}`, {}, () => new Promise<void>((resolve) => setImmediate(resolve))),
            ),
          );
          response.json({});
        }),
    });
    const traceId = traceIdOf(await service.get('/wide'));
    const parts = await receivers.until(() => {
      const segment = receivers.segments().find(({ trace_id }) => trace_id === traceId);
      return segment?.subsegments?.length === 250 && segment.subsegments;
    });
    expect(new Set((parts || []).map(({ name }) => name)).size).toBe(250);
    expect(service.sink.report()).toMatchObject({ dropped: 0, last_error: null });
  });

  test('that are too large lose their metadata, which is reported, and the client gets its response', async () => {
    const service = await start({
      routes: (app) =>
        app.get('/large', async (_request, response) => {
          await traced('large', {}, async (span) => span.setMetadata('dump', 'x'.repeat(100_000)));
          response.json({});
        }),
    });
    const answer = await service.get('/large');
    expect(answer.status).toBe(200);
    await receivers.until(() => receivers.segments().some((s) => s.trace_id === traceIdOf(answer)));
    expect(service.sink.report()).toMatchObject({
      dropped: 0,
      last_error: 'large: metadata left out, too large',
    });
  });
});

describe('a daemon that does not listen', () => {
  test('is reported, and receives the queued segments once it listens', async () => {
    const port = await unusedUdpPort();
    const service = await start({ udp: port });
    const answer = await service.get('/');
    await until(() => service.sink.report().last_error?.includes('ECONNREFUSED'));
    expect(service.sink.report()).toMatchObject({ sent: 0, dropped: 0 });

    const daemon = await bindUdp(port);
    await until(() => daemon.received.some((text) => text.includes(traceIdOf(answer))));
    await until(() => service.sink.report().queued === 0);
    expect(service.sink.report()).toMatchObject({ dropped: 0 });
  });

  test('fails no request: the queue is bounded, and the rest is counted', async () => {
    const sink = createSinkCounters('xray', '127.0.0.1');
    const sender = createDaemonSender({ host: '127.0.0.1', port: await unusedUdpPort() }, sink);
    const datagram = 'x'.repeat(60_000);
    for (let i = 0; i < 1000; i++) sender.send(datagram);
    await until(() => sink.report().last_error?.includes('ECONNREFUSED'));
    const { accepted, dropped, queued } = sink.report();
    expect(accepted).toBe(1000);
    expect(queued * datagram.length).toBeLessThanOrEqual(8 * 1024 * 1024);
    expect(dropped).toBe(1000 - queued);

    await sender.drain(100);
    expect(sink.report()).toMatchObject({ accepted: 1000, sent: 0, dropped: 1000, queued: 0 });
    sender.send(datagram);
    expect(sink.report()).toMatchObject({ accepted: 1001, dropped: 1001 });
  });

  test('costs nothing for the encoding of segments that a full queue drops', async () => {
    let encoded = 0;
    const dump = {
      toJSON() {
        encoded += 1;
        return 'x'.repeat(60_000);
      },
    };
    const service = await start({
      udp: await unusedUdpPort(),
      routes: (app) =>
        app.get('/large', async (_request, response) => {
          await traced('large', {}, async (span) => span.setMetadata('dump', dump));
          response.json({});
        }),
    });
    await Promise.all(Array.from({ length: 200 }, () => service.get('/large')));
    expect(service.sink.report().dropped).toBeGreaterThan(0);
    const before = encoded;
    await service.get('/large');
    expect(encoded).toBe(before);
    const { accepted, dropped, queued, last_error } = service.sink.report();
    expect({ accepted, last_error }).toEqual({ accepted: dropped + queued, last_error: 'queue full' });
  });

  test('does not delay the drain', async () => {
    const service = await start({ udp: await unusedUdpPort() });
    const before = performance.now();
    await service.xray.drain(200);
    expect(performance.now() - before).toBeLessThan(1000);
    expect(service.sink.report()).toMatchObject({ queued: 0, sent: 0 });
  });

  test('that ignores datagrams counts them as sent, because UDP reports no more', async () => {
    const hole = await startUdpBlackHole();
    onTestFinished(() => hole.close());
    const service = await start({ udp: hole.port });
    await service.xray.drain(2000);
    expect(service.sink.report()).toMatchObject({ dropped: 0, last_error: null });
    expect(hole.datagrams()).toBe(service.sink.report().sent);
  });
});

describe("the daemon's host name", () => {
  test('is resolved once, and again only after a failure', async () => {
    const lookup = vi.spyOn(dns, 'lookup');
    onTestFinished(() => lookup.mockRestore());
    const lookups = () => lookup.mock.calls.filter(([name]) => String(name) === 'localhost').length;
    const port = await unusedUdpPort();
    const daemon = await bindUdp(port);
    const sink = createSinkCounters('xray', 'localhost');
    const sender = createDaemonSender({ host: 'localhost', port }, sink);
    onTestFinished(() => sender.drain(100));
    for (let sent = 1; sent <= 5; sent++) {
      sender.send('{}');
      await until(() => sink.report().sent === sent);
    }
    expect(lookups()).toBe(1);

    await new Promise<void>((resolve) => daemon.socket.close(() => resolve()));
    sender.send('{}');
    await until(() => sink.report().last_error?.includes('ECONNREFUSED'));
    const again = await bindUdp(port);
    await until(() => again.received.length > 0);
    expect(lookups()).toBe(2);
  });

  test('that cannot be resolved is reported', async () => {
    const sink = createSinkCounters('xray', 'nowhere.invalid');
    const sender = createDaemonSender({ host: 'nowhere.invalid', port: 2000 }, sink);
    sender.send('{}');
    await until(() => sink.report().last_error?.match(/(ENOTFOUND|EAI_AGAIN) nowhere\.invalid/), 20_000);
    expect(sink.report()).toMatchObject({ sent: 0, dropped: 0, queued: 1 });
    await sender.drain(50);
    expect(sink.report()).toMatchObject({ dropped: 1, queued: 0 });
  });
});

test('a backlog arrives at a pace that the buffer of a receiver survives', async () => {
  const daemon = await bindUdp(0);
  const arrivals: number[] = [];
  daemon.socket.on('message', () => arrivals.push(performance.now()));
  const sink = createSinkCounters('xray', '127.0.0.1');
  const sender = createDaemonSender({ host: '127.0.0.1', port: daemon.socket.address().port }, sink);
  for (let i = 0; i < 1000; i++) sender.send('x'.repeat(1200));
  await sender.drain(10_000);
  await until(() => arrivals.length === 1000);
  expect(Number(arrivals.at(-1)) - Number(arrivals[0])).toBeGreaterThan(200);
});

test('a datagram too large for the system is dropped and reported, the others are sent', async () => {
  const daemon = await bindUdp(0);
  const sink = createSinkCounters('xray', '127.0.0.1');
  const sender = createDaemonSender({ host: '127.0.0.1', port: daemon.socket.address().port }, sink);
  sender.send('before');
  sender.send('x'.repeat(65_508));
  sender.send('after');
  await sender.drain(2000);
  await until(() => daemon.received.length === 2);
  expect(daemon.received).toEqual(['before', 'after']);
  expect(sink.report()).toMatchObject({
    sent: 2,
    dropped: 1,
    last_error: "larger than the system's limit for a datagram",
  });
});

async function bindUdp(port: number): Promise<{ socket: Socket; received: string[] }> {
  const received: string[] = [];
  const socket = createSocket('udp4', (datagram) => received.push(datagram.toString()));
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject);
    socket.bind(port, '127.0.0.1', resolve);
  });
  let open = true;
  socket.once('close', () => {
    open = false;
  });
  onTestFinished(() => {
    if (open) socket.close();
  });
  return { socket, received };
}

async function unusedUdpPort(): Promise<number> {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  const { port } = socket.address();
  await new Promise<void>((resolve) => socket.close(() => resolve()));
  return port;
}
