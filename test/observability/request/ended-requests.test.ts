import { once } from 'node:events';
import http from 'node:http';
import type { RequestHandler } from 'express';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Unavailable } from '../../../src/lib/errors.ts';
import { cutResponse } from '../../../src/observability/request/disconnect.ts';
import { traced } from '../../../src/observability/traced.ts';
import { freePort } from '../../helpers/network/free-port.ts';
import { type FourSystems, startFourSystems } from '../../helpers/telemetry/four-systems.ts';

const LONG = 'm'.repeat(50_000);

/** Resolves when the response of a request is closed. */
const closed = (response: Parameters<RequestHandler>[1]) => once(response, 'close');

const ROUTES: Readonly<Record<string, RequestHandler>> = {
  'GET /slow': () => {},
  'GET /slow/:name': () => {},
  'GET /later': (_request, response) => void setTimeout(() => response.json({}), 50),
  'GET /half': (_request, response) => void response.write('half'),
  'POST /upload': (_request, response) => void response.json({}),
  'GET /late-fault': (_request, response) =>
    traced('late-fault', {}, async () => {
      await closed(response);
      throw new Error('found too late');
    }),
  'GET /late-unavailable': async (_request, response) => {
    await closed(response);
    throw new Unavailable('The database does not answer.', new Error('ECONNREFUSED'));
  },
  'GET /cut': (_request, response) => {
    response.write('half');
    throw new Error('failed in the middle');
  },
  'GET /unanswered': (_request, response) => cutResponse(response),
  'GET /fault': () => {
    throw new Error('a plain fault');
  },
  'GET /unavailable': () => {
    throw new Unavailable('The database does not answer.', new Error('ECONNREFUSED'));
  },
  'GET /long-fault': () => {
    throw new Error(LONG, { cause: new Error(LONG) });
  },
  'GET /missing-file': (_request, response) => response.sendFile('/no/such/file'),
  'GET /outgoing': async (_request, response) => {
    const url = `http://127.0.0.1:${await freePort()}/`;
    await once(http.get(url), 'error');
    await fetch(url).catch(() => {});
    response.json({});
  },
};

let systems: FourSystems;

beforeAll(async () => {
  systems = await startFourSystems({ TRUST_PROXY: '127.0.0.1' }, ROUTES);
});

afterAll(() => systems.close());

const HOST = 'Host: api.example\r\nX-Forwarded-Proto: https\r\n';

interface Leaving {
  readonly body?: string;
  /** Whether the client first reads something of the response. */
  readonly afterData?: boolean;
  /** Whether it resets the connection. Otherwise it closes it. */
  readonly reset?: boolean;
  readonly reports?: number;
}

/** Sends a request and disconnects before its end. */
async function leave(head: string, { body, afterData, reset, reports }: Leaving = {}) {
  const upload = body === undefined ? '' : 'Content-Type: application/json\r\nContent-Length: 99\r\n';
  const bytes = `${head} HTTP/1.1\r\n${HOST}${upload}`;
  const { socket, traceId } = await systems.open(bytes, body === undefined ? {} : { body });
  if (afterData) await once(socket, 'data');
  if (reset) socket.resetAndDestroy();
  else socket.destroy();
  return systems.story(traceId, reports);
}

const HALF = '{"half":';

describe.concurrent('a client that disconnects', () => {
  test.each([
    ['before the response', 'GET /slow?a=1', {}, '/slow'],
    ['by a reset', 'GET /slow', { reset: true }, '/slow'],
    ['before the response of a route with parameters', 'GET /slow/7', {}, '/slow/:name'],
    ['in the middle of its body', 'POST /upload', { body: HALF }, '/upload'],
    ['in the middle of its body by a reset', 'POST /upload', { body: HALF, reset: true }, '/upload'],
    ['in the middle of its body, unread so far', 'GET /slow', { body: HALF }, '/slow'],
  ])('%s has the same end in all four', async (_name, head, leaving, route) => {
    const { span, segment, line, reports, lines } = await leave(head, leaving);
    const [method] = head.split(' ');
    expect(span).toMatchObject({ name: `${method} ${route}`, status: { code: 'unset' }, events: [] });
    expect(span.attributes).toMatchObject({ 'error.type': 'client_aborted', 'http.route': route });
    expect(span.attributes).not.toHaveProperty('http.response.status_code');
    expect(segment).toMatchObject({
      error: true,
      http: { response: { status: 499 } },
      annotations: { client_aborted: true, http_route: route },
    });
    expect(segment).not.toHaveProperty('fault');
    expect(line).toMatchObject({ level: 'warn', status: 499, aborted: true });
    expect(lines).toHaveLength(1);
    expect(reports).toEqual([]);
  });

  test('in the middle of the response has its status and the mark in all four', async () => {
    const { span, segment, line, reports } = await leave('GET /half', { afterData: true, reset: true });
    expect(span).toMatchObject({
      name: 'GET /half',
      status: { code: 'unset' },
      attributes: { 'http.response.status_code': 200, 'error.type': 'client_aborted', 'http.route': '/half' },
    });
    expect(segment).toMatchObject({
      http: { response: { status: 200 } },
      annotations: { client_aborted: true },
    });
    expect(line).toMatchObject({ level: 'info', status: 200, aborted: true });
    expect(reports).toEqual([]);
  });

  test.each([
    ['/late-fault', 'found too late'],
    ['/late-unavailable', 'The database does not answer.'],
  ])('before a fault: %s is recorded once', async (path, message) => {
    const { span, spans, segment, line, reports, lines } = await leave(`GET ${path}`, { reports: 1 });
    expect(line).toMatchObject({ status: 499, aborted: true });
    expect(span.attributes).toMatchObject({ 'error.type': 'client_aborted' });
    expect(lines.filter((each) => each.error_message === message)).toHaveLength(1);
    expect(reports).toHaveLength(1);
    for (const { name, status } of spans.filter(({ kind }) => kind === 'internal')) {
      expect({ name, status }).toEqual({ name: 'late-fault', status: { code: 'error', message } });
    }
    expect(span.attributes['url.scheme']).toBe('https');
    expect(Object(reports[0]?.request).url).toBe(`https://api.example${path}`);
    expect(segment.http?.request?.url).toBe(`https://api.example${path}`);
  });
});

test('a request whose body is malformed has its route in span and segment', async () => {
  const head = `POST /upload HTTP/1.1\r\n${HOST}Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n`;
  const { socket, traceId } = await systems.open(head, { body: 'zz\r\n' });
  socket.resume();
  const { span, segment, line } = await systems.story(traceId);
  expect(span).toMatchObject({
    name: 'POST /upload',
    attributes: { 'http.response.status_code': 400, 'http.route': '/upload' },
  });
  expect(segment).toMatchObject({
    http: { response: { status: 400 } },
    annotations: { http_route: '/upload' },
  });
  expect(line).toMatchObject({ status: 400 });
});

test('requests that a client pipelines have their own routes', async () => {
  const time = Math.floor(Date.now() / 1000).toString(16);
  const ids = ['1', '2'].map((digit) => time + digit.repeat(24));
  const [second, third] = ['/rollbar/test', '/nowhere'].map(
    (path, n) => `GET ${path} HTTP/1.1\r\n${HOST}traceparent: 00-${ids[n]}-00f067aa0ba902b7-01\r\n\r\n`,
  );
  const { socket, traceId } = await systems.open(`GET /later HTTP/1.1\r\n${HOST}`, {
    body: `${second}${third}`,
  });
  socket.resume();
  const stories = await Promise.all([traceId, ...ids].map((id) => systems.story(id)));
  socket.destroy();
  expect(stories.map(({ span }) => [span.name, span.attributes['http.route']])).toEqual([
    ['GET /later', '/later'],
    ['GET /rollbar/test', '/rollbar/test'],
    ['GET', undefined],
  ]);
  expect(stories.map(({ segment }) => segment.annotations?.http_route)).toEqual([
    '/later',
    '/rollbar/test',
    undefined,
  ]);
});

test('a response that an error cuts is a fault in all four, and no disconnected client', async () => {
  const { span, segment, line, reports } = await systems.tell(`GET /cut HTTP/1.1\r\n${HOST}`, { reports: 1 });
  expect(span).toMatchObject({
    name: 'GET /cut',
    status: { code: 'error', message: 'failed in the middle' },
    attributes: { 'http.response.status_code': 200, 'http.route': '/cut', 'error.type': 'cut_off' },
  });
  expect(segment).toMatchObject({ fault: true, http: { response: { status: 200 } } });
  expect(segment.annotations).not.toHaveProperty('client_aborted');
  expect(line).toMatchObject({ level: 'error', status: 200, cut_off: true });
  expect(line).not.toHaveProperty('aborted');
  expect(reports).toHaveLength(1);
});

test('a request that the service leaves unanswered is a fault in all four, and no disconnected client', async () => {
  const { span, segment, line } = await systems.tell(`GET /unanswered HTTP/1.1\r\n${HOST}`);
  expect(span).toMatchObject({
    name: 'GET /unanswered',
    status: { code: 'error', message: expect.stringContaining('before it answered') },
    attributes: { 'http.route': '/unanswered', 'error.type': 'cut_off' },
  });
  expect(span.attributes).not.toHaveProperty('http.response.status_code');
  expect(segment).toMatchObject({ fault: true, http: { response: { status: 503 } } });
  expect(segment.annotations).not.toHaveProperty('client_aborted');
  expect(line).toMatchObject({ level: 'error', status: 503, cut_off: true });
});

describe('the status of a failed span', () => {
  test.each([
    ['GET /fault', 'a plain fault', 500, 1],
    ['GET /unavailable', 'The database does not answer.', 503, 1],
    ['HEAD /fault', 'a plain fault', 500, 0],
  ])('%s has the message of the error', async (head, message, status, reports) => {
    const { span } = await systems.tell(`${head} HTTP/1.1\r\n${HOST}Connection: close\r\n`, { reports });
    expect(span.status).toEqual({ code: 'error', message });
    expect(span.attributes).toMatchObject({
      'http.response.status_code': status,
      'error.type': String(status),
    });
  });

  test('has it in the spans of outgoing requests', async () => {
    const { spans } = await systems.tell(`GET /outgoing HTTP/1.1\r\n${HOST}Connection: close\r\n`);
    const outgoing = spans.filter(({ kind }) => kind === 'client');
    expect(outgoing).toHaveLength(2);
    for (const { status } of outgoing) {
      expect(status).toMatchObject({
        code: 'error',
        message: expect.stringMatching(/ECONNREFUSED|fetch failed/),
      });
    }
  });
});

test('the text of a long error is bounded in all four', async () => {
  const head = `GET /long-fault?q=${'q'.repeat(6000)} HTTP/1.1\r\n${HOST}User-Agent: ${'u'.repeat(4000)}\r\n`;
  const { span, segment, lines, reports } = await systems.tell(`${head}Connection: close\r\n`, {
    reports: 1,
  });
  const cut = expect.stringMatching(/^.{1,2047}…$/s);
  expect(span.status.message).toEqual(cut);
  expect(span.attributes).toMatchObject({ 'url.query': cut, 'user_agent.original': cut });
  expect(span.events[0]?.attributes).toMatchObject({ 'exception.message': cut });
  expect(span.events[0]?.attributes['exception.stacktrace']).toMatch(/m…\n {4}at .*ended-requests/);
  const fault = lines.find((line) => 'error_message' in line);
  expect(fault).toMatchObject({ message: cut, error_message: cut });
  expect(fault?.error_stack).toMatch(/m…\n {4}at .*ended-requests/);
  expect(lines.find((line) => 'full_path' in line)).toMatchObject({
    message: 'GET /long-fault 500',
    full_path: cut,
  });
  const [exception] = Object(segment.cause).exceptions;
  expect(exception.message).toEqual(cut);
  expect(textsOf([span, segment, lines, reports]).filter((text) => text.length > 16_384)).toEqual([]);
  const long = textsOf([span, segment, lines, reports]).filter((text) => Buffer.byteLength(text) > 2048);
  expect(long.filter((text) => !/\n {4}at |^https?:/.test(text))).toEqual([]);
});

/** Returns every text in a value. */
function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsOf) : [];
}
