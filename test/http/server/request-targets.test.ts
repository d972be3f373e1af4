import { describe, expect, it } from 'vitest';
import { useApp } from '../../helpers/app/app.ts';
import { exchange, parseAnswers, type RawAnswer } from '../../helpers/network/raw-http.ts';
import { until } from '../../helpers/until.ts';

/** Not on loopback, where a foreign host is a 421. */
const app = useApp({ environment: { HOST: '0.0.0.0' } });

/** Sends a request with `Host: other.example` unless its headers say otherwise. */
async function send(requestLine: string, headers = 'Host: other.example\r\n'): Promise<RawAnswer> {
  const bytes = `${requestLine}\r\n${headers}Connection: close\r\n\r\n`;
  const [answer] = parseAnswers(await exchange(app.port, bytes));
  if (answer === undefined) throw new Error('no answer');
  return answer;
}

describe('a target in absolute form', () => {
  it('is routed, and logged without its authority', async () => {
    const answer = await send('GET http://worf:S3CR3T@api.example/api/activities/home?limit=2 HTTP/1.1');
    expect(answer).toMatchObject({ status: 200, headers: { 'content-type': /json/ } });
    const message = 'GET /api/activities/home 200';
    const line = await until(() => app.lines.find((each) => each.message === message));
    expect(line?.fields.full_path).toBe('/api/activities/home?limit=2');
  });

  it.each(['/livez', '/readyz', '/api/health-check?x=1'])('%s is a probe: no log line', async (path) => {
    const answer = await send(`GET HTTP://api.example:80${path} HTTP/1.1`);
    expect(answer).toMatchObject({ status: 200, body: '{"success":true}' });
    expect(answer.headers).not.toHaveProperty('traceresponse');
    expect(app.lines).toEqual([]);
  });

  it.each([
    ['GET http://api.example HTTP/1.1', 404, '/'],
    ['GET https://api.example?term=a HTTP/1.1', 404, '/'],
    ['GET http://api.example/none HTTP/1.0', 404, '/none'],
  ])('%s is %i at %s', async (line, status, instance) => {
    const answer = await send(line);
    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.body).instance).toBe(instance);
  });
});

describe('OPTIONS', () => {
  it.each(['OPTIONS * HTTP/1.1', 'OPTIONS http://api.example HTTP/1.1'])('%s is 204', async (line) => {
    const answer = await send(line);
    expect(answer).toMatchObject({ status: 204, body: '' });
    expect(answer.headers.allow?.split(', ')).toEqual(['GET', 'HEAD', 'POST', 'PUT', 'OPTIONS']);
    expect(answer.headers).toHaveProperty('traceresponse');
  });
});

describe('a request that breaks a rule', () => {
  it.each([
    ['no host', 'GET / HTTP/1.1', '', 400],
    ['no host, of a probe', 'GET /livez HTTP/1.1', '', 400],
    ['two hosts', 'GET / HTTP/1.1', 'Host: a\r\nHOST: a\r\n', 400],
    ['two hosts in HTTP/1.0', 'GET / HTTP/1.0', 'Host: a\r\nHost: b\r\n', 400],
    ['a host that is none', 'GET / HTTP/1.1', 'Host: a/b\r\n', 400],
    ['a host with a user', 'GET / HTTP/1.1', 'Host: a@b\r\n', 400],
    ['an asterisk', 'GET * HTTP/1.1', 'Host: a\r\n', 400],
    ['another scheme', 'GET ftp://a/b HTTP/1.1', 'Host: a\r\n', 400],
    ['an expectation', 'GET / HTTP/1.1', 'Host: a\r\nExpect: 200-ok\r\n', 417],
  ])('%s: is a problem with our headers and a log line', async (_what, line, headers, status) => {
    const answer = await send(line, headers);
    expect(answer.status).toBe(status);
    expect(answer.headers).toMatchObject({
      'content-type': 'application/problem+json',
      connection: 'close',
      'x-content-type-options': 'nosniff',
    });
    const { trace_id } = JSON.parse(answer.body);
    expect(trace_id).toBe(answer.headers.traceresponse?.split('-')[1]);
    await until(() => app.lines.length > 0);
    expect(app.lines).toMatchObject([{ level: 'warn', fields: { status } }]);
    expect(app.reports).toEqual([]);
  });
});

describe('a request that is fine', () => {
  it.each([
    ['no host in HTTP/1.0', 'GET /livez HTTP/1.0', ''],
    ['an empty host', 'GET /livez HTTP/1.1', 'Host:\r\n'],
    ['an IPv6 host', 'GET /livez HTTP/1.1', 'Host: [::1]:4567\r\n'],
    ['an upgrade that is declined', 'GET /livez HTTP/1.1', 'Host: a\r\nUpgrade: websocket\r\n'],
    ['an upgrade to HTTP/2', 'GET /livez HTTP/1.1', 'Host: a\r\nUpgrade: h2c\r\nHTTP2-Settings: AA\r\n'],
  ])('%s', async (_what, line, headers) => {
    expect(await send(line, headers)).toMatchObject({ status: 200, body: '{"success":true}' });
  });

  it('is told to continue before it sends its body', async () => {
    const body = JSON.stringify({ message: 'a', ttl: '1-day' });
    const head = `POST /api/activities HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nExpect: 100-continue\r\n`;
    const received = await exchange(
      app.port,
      `${head}Connection: close\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    );
    expect(parseAnswers(received)).toMatchObject([{ status: 100 }, { status: 200 }]);
  });
});
