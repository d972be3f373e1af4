import { createSocket } from 'node:dgram';
import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import {
  type FaultMode,
  startFaultyServer,
  startTcpBlackHole,
  startUdpBlackHole,
} from '../helpers/network/faulty-server.ts';
import { freePort } from '../helpers/network/free-port.ts';
import { startReceivers } from '../helpers/telemetry/receivers.ts';
import { until } from '../helpers/until.ts';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const server of open.splice(0)) await server.close();
});

async function start(mode: FaultMode, healthy?: string) {
  const server = await startFaultyServer(mode, healthy);
  open.push(server);
  return server;
}

function post(url: string, timeoutMs = 2000): Promise<Response> {
  return fetch(`${url}/api/1/item/`, {
    method: 'POST',
    headers: { 'x-rollbar-access-token': 'token' },
    body: JSON.stringify({
      data: { environment: 'test', level: 'error', body: { message: { body: 'hello' } } },
    }),
    signal: AbortSignal.timeout(timeoutMs),
  });
}

describe('a faulty server', () => {
  it('hangs until its mode changes', async () => {
    const server = await start('hang');
    await expect(post(server.url, 100)).rejects.toMatchObject({ name: 'TimeoutError' });
    const hanging = post(server.url);
    hanging.catch(() => {});
    await until(() => server.requests() === 2);
    server.become('ok');

    await expect(hanging).rejects.toMatchObject({ cause: { code: 'ECONNRESET' } });
    expect((await post(server.url)).status).toBe(200);
  });

  it('resets connections', async () => {
    const server = await start('reset');
    await expect(post(server.url)).rejects.toMatchObject({ cause: { code: 'ECONNRESET' } });
  });

  it.each([
    ['null', 200, 'null'],
    ['garbage', 200, '<html>It works!</html>'],
    [{ status: 429, headers: { 'retry-after': '1' }, body: 'later' }, 429, 'later'],
    [{ status: 500 }, 500, ''],
  ] as const)('answers %j', async (mode, status, body) => {
    const response = await post((await start(mode)).url);

    expect(response.status).toBe(status);
    expect(await response.text()).toBe(body);
  });

  it('answers with an endless body', async () => {
    const response = await post((await start('huge')).url);
    let bytes = 0;
    for await (const chunk of response.body ?? []) {
      bytes += chunk.length;
      if (bytes > 10_000_000) break;
    }
    expect(bytes).toBeGreaterThan(10_000_000);
  });

  it('is slow and passes requests on to a healthy server', async () => {
    const receivers = await startReceivers();
    open.push(receivers);
    const server = await start({ slow: 100 }, receivers.url);
    const began = performance.now();
    const response = await post(server.url);

    expect(performance.now() - began).toBeGreaterThan(95);
    expect(await response.json()).toMatchObject({ err: 0 });
    expect(receivers.reports()).toHaveLength(1);
    expect(server.requests()).toBe(1);
  });
});

describe('a black hole', () => {
  it('accepts connections and answers nothing', async () => {
    const hole = await startTcpBlackHole();
    open.push(hole);

    await expect(post(`http://127.0.0.1:${hole.port}`, 100)).rejects.toMatchObject({ name: 'TimeoutError' });
    expect(hole.connections()).toBe(1);
  });

  it('discards datagrams', async () => {
    const hole = await startUdpBlackHole();
    open.push(hole);
    const socket = createSocket('udp4');
    socket.send('x', hole.port, '127.0.0.1', () => socket.close());

    expect(await until(() => hole.datagrams())).toBe(1);
  });

  it('differs from a free port, which refuses connections', async () => {
    const socket = connect(await freePort(), '127.0.0.1');
    const error = await new Promise((resolve) => socket.on('error', resolve));
    expect(error).toMatchObject({ code: 'ECONNREFUSED' });
  });
});
