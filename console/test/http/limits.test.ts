import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { deflateSync, gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { type HttpServerOptions, startHttpServer } from '../../src/http/http-server.ts';
import { DEFAULT_LIMITS, type HttpLimits } from '../../src/http/limits.ts';
import { createJournal } from '../../src/journal/journal.ts';
import { createRollbarItems } from '../../src/rollbar/rollbar-items.ts';
import { fastBrotli } from '../helpers/fast-brotli.ts';
import { until } from '../helpers/until.ts';

const ITEM = '{"data":{"body":{}}}';
const HEAD = 'POST /api/1/item/ HTTP/1.1\r\nHost: localhost\r\nX-Rollbar-Access-Token: token\r\n';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** Starts a server with Rollbar's receiver and these limits. */
async function serve(limits: Partial<HttpLimits> = {}, otherwise?: HttpServerOptions['otherwise']) {
  const journal = createJournal();
  const { port, close } = await startHttpServer({
    host: '127.0.0.1',
    port: 0,
    receivers: [createRollbarItems(journal)],
    journal,
    otherwise,
    limits: { ...DEFAULT_LIMITS, ...limits },
  });
  closers.push(close);

  function post(body: string | Buffer, headers: Record<string, string> = {}): Promise<Response> {
    return fetch(`http://127.0.0.1:${port}/api/1/item/`, {
      method: 'POST',
      headers: { 'x-rollbar-access-token': 'token', ...headers },
      body: typeof body === 'string' ? body : new Uint8Array(body),
    });
  }
  /** Opens a connection and sends this. `answers` returns the response so far. */
  async function open(text = '') {
    const socket: Socket = connect(port, '127.0.0.1');
    let answers = '';
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      answers += chunk;
    });
    closers.push(() => socket.destroy());
    await once(socket, 'connect');
    socket.write(text);
    return { socket, answers: () => answers };
  }
  return { port, journal, post, open };
}

describe('a body', () => {
  const encodings = { gzip: gzipSync, 'x-gzip': gzipSync, deflate: deflateSync, br: fastBrotli };

  it.each(Object.entries(encodings))('may be compressed: %s', async (encoding, compress) => {
    const { post, journal } = await serve();

    expect((await post(compress(ITEM), { 'content-encoding': encoding })).status).toBe(200);
    expect(journal.counts().received.error).toBe(1);
  });

  it.each(Object.entries(encodings))(
    'is refused while it is decompressed: %s',
    async (encoding, compress) => {
      const { post, journal } = await serve();
      const bomb = compress(Buffer.alloc(24 * 1024 * 1024));
      expect(bomb.length).toBeLessThan(100_000);

      expect((await post(bomb, { 'content-encoding': encoding })).status).toBe(413);
      expect(journal.unread()).toMatchObject([{ reason: 'the body is larger than 20971520 bytes' }]);
      expect((await post(ITEM)).status).toBe(200);
    },
  );

  it('that arrives too slowly is answered with 408, and its connection closed', async () => {
    const { journal, open } = await serve({ bodyMs: 100 });
    const { socket, answers } = await open(`${HEAD}Content-Length: 20\r\n\r\n{"data`);
    await once(socket, 'end');

    expect(answers()).toMatch(/^HTTP\/1\.1 408 /);
    expect(journal.unread()).toMatchObject([
      { protocol: 'rollbar', reason: 'the body did not arrive within 100 ms' },
    ]);
  });

  it('may be sent on for a while after it was refused, so that the client reads the response', async () => {
    const { post } = await serve({ bodyBytes: 1000 });

    expect((await post('x'.repeat(8_000_000))).status).toBe(413);
  });

  it('is refused while too many bytes are in flight, over all connections', async () => {
    const { journal, open, post } = await serve({ inFlightBytes: 1000 });
    const half = `${HEAD}Content-Length: 700\r\n\r\n${'x'.repeat(600)}`;
    const first = await open(half);
    const second = await open(half);
    const [refused, waiting] =
      (await until(() => [first, second].find(({ answers }) => answers()))) === first
        ? [first, second]
        : [second, first];

    expect(refused.answers()).toMatch(/^HTTP\/1\.1 503 /);
    expect(refused.answers()).toMatch(/\r\nRetry-After: 1\r\n/i);
    expect(journal.counts().unread.rollbar).toBe(1);
    expect((await post(ITEM.padEnd(500))).status).toBe(503);
    waiting.socket.destroy();
    await until(async () => (await post(ITEM.padEnd(900))).status === 200);
  });
});

describe('a connection', () => {
  it('is closed at once, and counted, when there are too many', async () => {
    const { journal, open, post } = await serve({ connections: 2 });
    const held = [await open(), await open()];
    const { socket } = await open();
    await once(socket, 'close');

    expect(journal.unread()).toMatchObject([{ protocol: 'unknown', reason: 'more than 2 connections' }]);
    for (const { socket: other } of held) other.destroy();
    await until(async () => (await post(ITEM)).status === 200);
  });

  it('is closed when no request arrives in time, and counted only if it sent something', async () => {
    const { journal, open } = await serve({ headMs: 100 });
    const silent = await open();
    const slow = await open('POST /api/1/item/ HTTP/1.1\r\nHost: ');
    await Promise.all([once(silent.socket, 'end'), once(slow.socket, 'end')]);

    expect(silent.answers()).toMatch(/^HTTP\/1\.1 408 /);
    expect(slow.answers()).toMatch(/^HTTP\/1\.1 408 /);
    expect(journal.counts().unread.unknown).toBe(1);
  });

  it('gets a 431 when the head is too large', async () => {
    const { open } = await serve();
    const { socket, answers } = await open(`${HEAD}X-Large: ${'x'.repeat(20_000)}\r\n\r\n`);
    await once(socket, 'end');

    expect(answers()).toMatch(/^HTTP\/1\.1 431 /);
  });
});

describe('a method that a receiver does not support', () => {
  it.each(['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS'])(
    'is answered with the supported ones: %s',
    async (method) => {
      const { port } = await serve();
      const response = await fetch(`http://127.0.0.1:${port}/api/1/item/`, { method });

      expect(response.status).toBe(405);
      expect(response.headers.get('allow')).toBe('POST');
      expect(await response.text()).toMatch(method === 'HEAD' ? /^$/ : /items are sent with POST/);
    },
  );
});

describe('a request that no receiver matches', () => {
  it('is passed on', async () => {
    const { port, post } = await serve({}, (request, response) => response.end(request.url));

    expect(await (await fetch(`http://127.0.0.1:${port}/page?x=1`)).text()).toBe('/page?x=1');
    expect((await post(ITEM)).status).toBe(200);
  });

  it('loses its connection, but does not end the process, when its handler fails', async () => {
    const { port, post } = await serve({}, () => {
      throw new Error('boom');
    });

    await expect(fetch(`http://127.0.0.1:${port}/page`)).rejects.toThrow('fetch failed');
    expect((await post(ITEM)).status).toBe(200);
  });
});
