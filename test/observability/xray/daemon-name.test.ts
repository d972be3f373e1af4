import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { isIPv6 } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { createSinkCounters } from '../../../src/observability/delivery/sink-counters.ts';
import { createDaemonSender } from '../../../src/observability/xray/daemon-sender.ts';
import { until } from '../../helpers/until.ts';

const NAME = 'xray-daemon';
const LOOK_UP_MS = 50;

/** What the name resolves to: addresses, an error code, or no answer. */
type Zone = readonly string[] | 'ENOTFOUND' | 'EAI_AGAIN' | 'hang';

function start(zone: Zone, { port, host = NAME }: { port: number; host?: string }) {
  const sink = createSinkCounters('xray', host);
  const names: string[] = [];
  const state = { zone };
  const lookUp = async (name: string): Promise<readonly string[]> => {
    names.push(name);
    if (state.zone === 'hang') return new Promise(() => {});
    if (typeof state.zone === 'string') {
      throw Object.assign(new Error(`getaddrinfo ${state.zone}`), { code: state.zone });
    }
    return state.zone;
  };
  const sender = createDaemonSender({ host, port }, sink, { lookUp, lookUpEveryMs: LOOK_UP_MS });
  onTestFinished(() => sender.drain(0));
  return {
    sink,
    sender,
    lookUps: () => names.length,
    moveTo: (next: Zone) => {
      state.zone = next;
    },
  };
}

async function listenAt(address: string, port = 0) {
  const received: string[] = [];
  const socket = createSocket(isIPv6(address) ? 'udp6' : 'udp4', (text) => received.push(String(text)));
  socket.bind(port, address);
  await once(socket, 'listening');
  let open = true;
  const close = async () => {
    if (!open) return;
    open = false;
    await new Promise<void>((resolve) => socket.close(() => resolve()));
  };
  onTestFinished(close);
  return { port: socket.address().port, received, close };
}

/** Two addresses with the same port. A daemon that is gone without a trace still takes what it is sent. */
async function listenAtTwo() {
  const old = await listenAt('127.0.0.1');
  const moved = await listenAt('127.0.0.2', old.port);
  return { old, moved, port: old.port };
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

test('segments count as sent once a later look-up finds the same address', async () => {
  const { old, port } = await listenAtTwo();
  const { sender, sink, lookUps } = start(['127.0.0.1'], { port });
  sender.send('one');
  await until(() => old.received.length === 1);
  expect(sink.report()).toMatchObject({ accepted: 1, sent: 0, dropped: 0, queued: 1 });
  await until(() => sink.report().sent === 1);
  expect(lookUps()).toBe(2);
  expect(old.received).toEqual(['one']);
});

test('segments that went to an address that has moved are sent again, to the new one', async () => {
  const { old, moved, port } = await listenAtTwo();
  const { sender, sink, moveTo } = start(['127.0.0.1'], { port });
  sender.send('one');
  await until(() => old.received.length === 1);
  moveTo(['127.0.0.2']);
  await until(() => moved.received.length === 1);
  expect(moved.received).toEqual(['one']);
  await until(() => sink.report().sent === 1);
  sender.send('two');
  await until(() => moved.received.length === 2);
  expect(old.received).toEqual(['one']);
  expect(sink.report().dropped).toBe(0);
});

test('segments in doubt stay as they were while others are queued and sent', async () => {
  const { old, moved, port } = await listenAtTwo();
  const { sender, sink, moveTo } = start(['127.0.0.1'], { port });
  const texts = ['zero', 'one', 'two', 'three'];
  for (const [index, text] of texts.entries()) {
    sender.send(text);
    await until(() => old.received.length === index + 1);
    moveTo('EAI_AGAIN');
    // The sender waits 20 ms for a refusal before it frees the memory of a datagram.
    await pause(60);
  }
  moveTo(['127.0.0.2']);
  await until(() => sink.report().sent === texts.length);
  expect(moved.received.length).toBeGreaterThan(1);
  expect(moved.received).toEqual(texts.slice(-moved.received.length));
});

test('an address that is one of several stays', async () => {
  const { old, moved, port } = await listenAtTwo();
  const { sender, sink, moveTo } = start(['127.0.0.1', '127.0.0.2'], { port });
  sender.send('one');
  await until(() => old.received.length === 1);
  moveTo(['127.0.0.2', '127.0.0.1']);
  await until(() => sink.report().sent === 1);
  expect(moved.received).toEqual([]);
});

test('without traffic nothing is looked up, and the first segment after a pause finds the new address', async () => {
  const { old, moved, port } = await listenAtTwo();
  const { sender, sink, lookUps, moveTo } = start(['127.0.0.1'], { port });
  sender.send('one');
  await until(() => sink.report().sent === 1);
  const before = lookUps();
  moveTo(['127.0.0.2']);
  await pause(4 * LOOK_UP_MS);
  expect(lookUps()).toBe(before);
  sender.send('two');
  await until(() => moved.received.length === 1);
  expect(old.received).toEqual(['one']);
});

test('a refusal makes the name be looked up at once', async () => {
  const { old, moved, port } = await listenAtTwo();
  const { sender, sink, moveTo } = start(['127.0.0.1'], { port });
  sender.send('one');
  await until(() => sink.report().sent === 1);
  await old.close();
  moveTo(['127.0.0.2']);
  sender.send('two');
  await until(() => moved.received.length === 1);
  expect(moved.received).toEqual(['two']);
});

test('while the name does not exist, segments wait; then all of them are sent', async () => {
  const { old, moved, port } = await listenAtTwo();
  const { sender, sink, moveTo } = start(['127.0.0.1'], { port });
  sender.send('one');
  await until(() => old.received.length === 1);
  moveTo('ENOTFOUND');
  await until(() => sink.report().last_error?.includes('ENOTFOUND'));
  sender.send('two');
  expect(sink.report()).toMatchObject({ sent: 0, dropped: 0, queued: 2 });
  moveTo(['127.0.0.2']);
  await until(() => moved.received.length === 2, 20_000);
  expect(moved.received.toSorted()).toEqual(['one', 'two']);
  expect(old.received).toEqual(['one']);
});

test.each(['hang', 'EAI_AGAIN'] as const)(
  'a name server with the answer "%s" delays neither segments nor the drain',
  async (answer) => {
    const { old, port } = await listenAtTwo();
    const { sender, sink, moveTo } = start(['127.0.0.1'], { port });
    sender.send('one');
    await until(() => sink.report().sent === 1);
    moveTo(answer);
    await pause(2 * LOOK_UP_MS);
    const before = performance.now();
    sender.send('two');
    await until(() => old.received.includes('two'));
    sender.send('three');
    await until(() => old.received.includes('three'));
    await sender.drain(300);
    expect(performance.now() - before).toBeLessThan(3000);
    // Nothing tells that it has moved.
    expect(sink.report()).toMatchObject({ accepted: 3, sent: 3, dropped: 0, queued: 0 });
    expect(sink.report().last_error).toMatch(/name server|EAI_AGAIN/);
  },
);

test('a name server that never answers does not hold up the drain, and nothing is called sent', async () => {
  const { sender, sink } = start('hang', { port: 9 });
  for (let i = 0; i < 10; i += 1) sender.send('{}');
  await pause(150);
  const before = performance.now();
  await sender.drain(100);
  expect(performance.now() - before).toBeLessThan(1000);
  expect(sink.report()).toMatchObject({ accepted: 10, sent: 0, dropped: 10, queued: 0 });
});

test('the drain looks up the name, and sends again what went to an address that has moved', async () => {
  const { old, moved, port } = await listenAtTwo();
  const { sender, sink, moveTo } = start(['127.0.0.1'], { port });
  sender.send('one');
  await until(() => old.received.length === 1);
  moveTo(['127.0.0.2']);
  await sender.drain(2000);
  await until(() => moved.received.length === 1);
  expect(sink.report()).toMatchObject({ sent: 1, dropped: 0, queued: 0 });
});

test('the drain counts segments as dropped when the name is gone', async () => {
  const { old, port } = await listenAtTwo();
  const { sender, sink, moveTo } = start(['127.0.0.1'], { port });
  sender.send('one');
  await until(() => old.received.length === 1);
  moveTo('ENOTFOUND');
  await sender.drain(200);
  expect(sink.report()).toMatchObject({ sent: 0, dropped: 1, queued: 0 });
});

test('segments in doubt are bounded: beyond 4 MB the name is looked up at once', async () => {
  const { port } = await listenAtTwo();
  const sink = createSinkCounters('xray', NAME);
  let lookUps = 0;
  const lookUp = async () => {
    lookUps += 1;
    return ['127.0.0.1'];
  };
  const sender = createDaemonSender({ host: NAME, port }, sink, { lookUp });
  for (let i = 0; i < 160; i += 1) sender.send('x'.repeat(50_000));
  await until(() => sink.report().sent > 0);
  expect(lookUps).toBeGreaterThan(1);
  expect(sink.report().queued * 50_000).toBeLessThanOrEqual(8 * 1024 * 1024);
  await sender.drain(2000);
  expect(sink.report()).toMatchObject({ sent: 160, dropped: 0, queued: 0 });
});

test('what is in doubt is bounded while the name server fails, too', async () => {
  const { port } = await listenAtTwo();
  const { sender, sink, moveTo } = start(['127.0.0.1'], { port });
  sender.send('one');
  await until(() => sink.report().sent === 1);
  moveTo('EAI_AGAIN');
  for (let i = 0; i < 150; i += 1) sender.send('x'.repeat(50_000));
  await until(() => sink.report().sent > 1);
  expect(sink.report().queued * 50_000).toBeLessThanOrEqual(5 * 1024 * 1024);
  expect(sink.report()).toMatchObject({ dropped: 0, last_error: expect.stringContaining('EAI_AGAIN') });
});

test.each(['127.0.0.1', '::1', 'localhost'])('%s is never in doubt', async (host) => {
  const daemon = await listenAt(host === '::1' ? '::1' : '127.0.0.1');
  const { sender, sink } = start(['127.0.0.1'], { port: daemon.port, host });
  sender.send('one');
  await until(() => sink.report().sent === 1);
  expect(daemon.received).toEqual(['one']);
});

test('a name with an IPv6 address is sent to over IPv6', async () => {
  const daemon = await listenAt('::1');
  const { sender, sink } = start(['::1'], { port: daemon.port });
  sender.send('one');
  await until(() => sink.report().sent === 1);
  expect(daemon.received).toEqual(['one']);
});

test.each([
  ['refused', '::1', '127.0.0.1'],
  ['refused', '127.0.0.1', '::1'],
  ['not reachable', 'fe80::1', '127.0.0.1'],
])('an address that is %s (%s) leads to the next one (%s)', async (_name, first, second) => {
  const daemon = await listenAt(second);
  const { sender, sink } = start([first, second], { port: daemon.port });
  sender.send('one');
  await until(() => daemon.received.length > 0);
  await until(() => sink.report().sent === 1);
  expect(sink.report()).toMatchObject({ dropped: 0, last_error: null });
  sender.send('two');
  await until(() => daemon.received.includes('two'));
});
