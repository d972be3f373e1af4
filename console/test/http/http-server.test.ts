import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startConsole } from '../../src/server.ts';
import { type Receivers, startReceivers } from '../helpers/receivers.ts';
import { until } from '../helpers/until.ts';

let receivers: Receivers;
const sockets: Socket[] = [];
beforeEach(async () => {
  receivers = await startReceivers();
});
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await receivers.close();
});

async function open(): Promise<Socket> {
  const socket = connect(Number(new URL(receivers.url).port), '127.0.0.1');
  socket.on('error', () => {});
  sockets.push(socket);
  await once(socket, 'connect');
  return socket;
}

async function item(): Promise<number> {
  const response = await fetch(`${receivers.url}/api/1/item/`, {
    method: 'POST',
    headers: { 'x-rollbar-access-token': 'token' },
    body: '{"data":{"body":{}}}',
  });
  return response.status;
}

describe('the console', () => {
  it('responds with 404 to requests in no protocol, and counts them', async () => {
    const response = await fetch(`${receivers.url}/api/2/item/?secret=1`, { method: 'POST', body: '{}' });

    expect(response.status).toBe(404);
    expect(receivers.journal.unread()).toMatchObject([
      { protocol: 'unknown', reason: 'no receiver for POST /api/2/item/' },
    ]);
  });

  it('survives any bytes on a connection', async () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      fc.stringMatching(
        /^(GET|POST|PUT) \/[ -~]{0,30} HTTP\/1\.1\r\n([A-Za-z-]{1,9}: [ -~]{0,9}\r\n){0,3}\r\n$/,
      ),
    );
    await fc.assert(
      fc.asyncProperty(bytes, async (content) => {
        (await open()).end(content);
      }),
      { numRuns: 50 },
    );

    expect(await item()).toBe(200);
  });

  it('responds with 400 and closes the connection when the input is not HTTP', async () => {
    const socket = await open();
    socket.write('\x16\x03\x01\x02\x00\x01\x00');
    const [answer] = (await once(socket, 'data')) as [Buffer];

    expect(answer.toString()).toMatch(/^HTTP\/1\.1 400 /);
    await until(() => receivers.journal.counts().unread.unknown === 1);
  });

  it('refuses an endless body as soon as it is too large', async () => {
    const socket = await open();
    socket.write('POST /api/1/item/ HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n');
    const chunk = Buffer.alloc(1024 * 1024, 'x');
    const pour = () => {
      while (!socket.destroyed && socket.write(`100000\r\n${chunk}\r\n`));
    };
    socket.on('drain', pour);
    pour();
    const [answer] = (await once(socket, 'data')) as [Buffer];

    expect(answer.toString()).toMatch(/^HTTP\/1\.1 413 /);
    expect(await item()).toBe(200);
  });

  it('closes at once, even with open connections', async () => {
    await open();
    const hanging = await open();
    hanging.write('POST /v1/traces HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n');
    const { close } = receivers;
    await close();

    await until(() => hanging.destroyed || hanging.readableEnded || hanging.closed);
  });

  it('does not start, and frees its other port, when a port is in use', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as AddressInfo;

    await expect(startConsole({ port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
    await expect(startConsole({ xrayPort: port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
    taken.close();
    await once(taken, 'close');
    const { httpPort, close } = await startConsole({ port });
    expect(httpPort).toBe(port);
    await close();
  });
});
