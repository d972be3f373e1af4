import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { endpoint } from '../../../src/http/endpoint.ts';
import { useApp } from '../../helpers/app/app.ts';
import { exchange, openRaw, parseAnswers } from '../../helpers/network/raw-http.ts';
import { until } from '../../helpers/until.ts';

let release: (() => void) | undefined;
const slow = endpoint({
  method: 'get',
  path: '/slow',
  summary: '',
  response: z.string(),
  handle: () =>
    new Promise<string>((resolve) => {
      release = () => resolve('late');
    }),
});

const app = useApp({
  environment: {
    HOST: '0.0.0.0',
    HEADERS_TIMEOUT_MS: '1100',
    REQUEST_TIMEOUT_MS: '1100',
    KEEP_ALIVE_TIMEOUT_MS: '1000',
  },
  routes: [slow],
});

const POST = 'POST /api/activities HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n';
const CHUNKED = `${POST}Transfer-Encoding: chunked\r\n`;

describe('a request that Node refuses', () => {
  it.each([
    ['malformed bytes', 'S3CR3T\r\n\r\n', 400],
    ['an unknown method', 'BREW / HTTP/1.1\r\nHost: a\r\n\r\n', 400],
    ['an unknown version', 'GET / HTTP/3.0\r\nHost: a\r\n\r\n', 400],
    ['a target with a space', 'GET /a b HTTP/1.1\r\nHost: a\r\n\r\n', 400],
    ['a control character in a header', 'GET / HTTP/1.1\r\nHost: a\r\nX: \0\r\n\r\n', 400],
    ['a space before a colon', 'GET / HTTP/1.1\r\nHost : a\r\n\r\n', 400],
    ['two lengths', `${POST}Content-Length: 1\r\nContent-Length: 2\r\n\r\nab`, 400],
    ['a length and an encoding', `${CHUNKED}Content-Length: 5\r\n\r\n0\r\n\r\n`, 400],
    ['headers of 20 kB', `GET / HTTP/1.1\r\nHost: a\r\nX: ${'S3CR3T'.repeat(3500)}\r\n\r\n`, 431],
    ['a target of 20 kB', `GET /${'S3CR3T'.repeat(3500)} HTTP/1.1\r\nHost: a\r\n\r\n`, 431],
    ['headers that do not end', 'GET / HTTP/1.1\r\nHost: S3CR3T\r\n', 408],
    ['a tunnel', 'CONNECT example.com:443 HTTP/1.1\r\nHost: example.com:443\r\n\r\n', 405],
    ['the preface of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400],
    ['a TLS handshake', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', 400],
  ])('%s: has a problem with our headers, and one line without its text', async (_what, bytes, status) => {
    const answers = parseAnswers(await exchange(app.port, bytes));
    expect(answers).toHaveLength(1);
    const [answer] = answers;
    expect(answer?.status).toBe(status);
    expect(answer?.headers).toMatchObject(HEADERS);
    if (status === 405) expect(answer?.headers.allow).toContain('GET');
    const problem = JSON.parse(answer?.body ?? '');
    expect(problem).toEqual({
      type: 'about:blank',
      title: expect.any(String),
      status,
      detail: expect.any(String),
      instance: '/',
      trace_id: answer?.headers.traceresponse?.split('-')[1],
    });
    expect(app.lines).toMatchObject([{ level: 'warn', fields: { status, remote_addr: '127.0.0.1' } }]);
    expect(JSON.stringify(app.lines)).not.toContain('S3CR3T');
    expect(app.reports).toEqual([]);
  });

  it.each([
    ['a chunk extension of 20 kB', `${CHUNKED}\r\n1;${'x'.repeat(20_000)}\r\na\r\n0\r\n\r\n`, 413],
    ['a malformed chunk', `${CHUNKED}\r\nS3CR3T\r\n`, 400],
    ['a body that does not end', `${POST}Content-Length: 10\r\n\r\n{`, 408],
  ])('%s: is answered in its own response, with its trace id', async (_what, bytes, status) => {
    const answers = parseAnswers(await exchange(app.port, bytes));
    expect(answers).toMatchObject([{ status, headers: HEADERS }]);
    const problem = JSON.parse(answers[0]?.body ?? '');
    expect(problem).toMatchObject({ status, instance: '/api/activities' });
    expect(problem.trace_id).toBe(answers[0]?.headers.traceresponse?.split('-')[1]);
    await until(() => app.lines.length > 0);
    expect(app.lines).toMatchObject([{ level: 'warn', message: `POST /api/activities ${status}` }]);
    expect(app.reports).toEqual([]);
  });

  it('waits for the response before it on the same connection', async () => {
    const received = exchange(app.port, 'GET /slow HTTP/1.1\r\nHost: a\r\n\r\nS3CR3T\r\n\r\n');
    await until(() => release !== undefined);
    release?.();
    expect(parseAnswers(await received)).toMatchObject([{ status: 200, body: 'late' }, { status: 400 }]);
  });

  it('is not answered on a connection that sent nothing', async () => {
    expect(await exchange(app.port, '')).toBe('');
    expect(app.lines).toEqual([]);
  });

  it('is not logged when the client resets the connection', async () => {
    const socket = await openRaw(app.port, 'GET / HTTP/1.1\r\nHost: a\r\n');
    socket.resetAndDestroy();
    await once(socket, 'close');
    expect((await app.get('/livez')).status).toBe(200);
    expect(app.lines).toEqual([]);
  });
});

const HEADERS = {
  'content-type': 'application/problem+json',
  connection: 'close',
  'x-content-type-options': 'nosniff',
  'content-security-policy': expect.stringContaining("default-src 'none'"),
  vary: 'Origin',
  'cache-control': 'private, no-cache',
  traceresponse: expect.stringMatching(/^00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]$/),
  'x-amzn-trace-id': expect.stringMatching(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24}$/),
};
