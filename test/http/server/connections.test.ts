import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { endpoint } from '../../../src/http/endpoint.ts';
import { useApp } from '../../helpers/app/app.ts';
import { exchange, openRaw, parseAnswers } from '../../helpers/network/raw-http.ts';
import { until } from '../../helpers/until.ts';

const GET = (path: string) => `GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`;

const delayed = (ms: number) =>
  endpoint({
    method: 'get',
    path: `/after/${ms}`,
    summary: '',
    response: z.string(),
    handle: () => new Promise<string>((resolve) => setTimeout(resolve, ms, 'x'.repeat(200_000))),
  });

describe('a client that half-closes its connection', () => {
  const app = useApp({ routes: [delayed(0), delayed(400)] });

  it.each(['/after/0', '/after/400'])('gets its whole response: %s', async (path) => {
    const received = await exchange(app.port, GET(path), { halfClose: true });
    expect(parseAnswers(received)).toMatchObject([{ status: 200, body: 'x'.repeat(200_000) }]);
    await until(() => app.lines.length > 0);
    expect(app.lines).toMatchObject([{ level: 'info', fields: { status: 200 } }]);
  });

  it('gets all the responses that it pipelined', async () => {
    const received = await exchange(app.port, GET('/after/400') + GET('/livez'), { halfClose: true });
    expect(parseAnswers(received)).toMatchObject([
      { status: 200 },
      { status: 200, body: '{"success":true}' },
    ]);
  });

  it('gets a 400 for a request that is incomplete', async () => {
    const received = await exchange(app.port, 'GET / HTTP/1.1\r\nHost', { halfClose: true });
    expect(parseAnswers(received)).toMatchObject([{ status: 400 }]);
  });
});

describe('a client that is gone', () => {
  const app = useApp({ routes: [delayed(400)] });

  it.each(['destroy', 'resetAndDestroy'] as const)('is logged as 499: %s', async (how) => {
    const socket = await openRaw(app.port, GET('/after/400'));
    // The request has arrived when a later one is answered.
    await app.get('/livez');
    socket[how]();
    await until(() => app.lines.length > 0);
    expect(app.lines).toMatchObject([{ message: 'GET /after/400 499 aborted', fields: { status: 499 } }]);
  });
});

describe('the limits of the server', () => {
  const app = useApp({
    environment: { KEEP_ALIVE_TIMEOUT_MS: '1000', HEADERS_TIMEOUT_MS: '5000', MAX_CONNECTIONS: '3' },
  });

  it('closes an idle connection after KEEP_ALIVE_TIMEOUT_MS and a second, and tells the client', async () => {
    const start = performance.now();
    const [answer] = parseAnswers(await exchange(app.port, GET('/livez')));
    expect(answer?.headers['keep-alive']).toBe('timeout=1');
    const elapsed = performance.now() - start;
    expect(elapsed).toBeGreaterThan(1900);
    expect(elapsed).toBeLessThan(4500);
  });

  it('refuses connections above MAX_CONNECTIONS, with one line for many', async () => {
    const open = Array.from({ length: 3 }, () => connect(app.port, '127.0.0.1'));
    await Promise.all(open.map((socket) => once(socket, 'connect')));
    // The last one is accepted when it is answered.
    for (const socket of open) {
      socket.write(GET('/livez'));
      await once(socket, 'data');
    }
    for (let count = 0; count < 20; count += 1) {
      const refused = connect(app.port, '127.0.0.1').on('error', () => {});
      await once(refused, 'close');
    }
    expect(app.lines).toMatchObject([
      { level: 'warn', message: '1 connection(s) refused: MAX_CONNECTIONS is 3', fields: { refused: 1 } },
    ]);
    for (const socket of open) socket.destroy();
    await until(() =>
      app.get('/livez').then(
        ({ status }) => status === 200,
        () => false,
      ),
    );
  });
});

describe('by default', () => {
  const app = useApp();

  it('connections outlive those of a load balancer', async () => {
    expect((await app.get('/livez').set('Connection', 'keep-alive')).headers['keep-alive']).toBe(
      'timeout=65',
    );
  });
});
