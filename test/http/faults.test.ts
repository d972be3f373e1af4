import { inspect } from 'node:util';
import { runInNewContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { createDatabase } from '../../src/db/database.ts';
import type { Endpoint } from '../../src/http/endpoint.ts';
import { HttpError } from '../../src/lib/errors.ts';
import { useApp } from '../helpers/app/app.ts';
import { freePort } from '../helpers/network/free-port.ts';

describe('a failing SQL statement', () => {
  const app = useApp();

  test('is a 500 without internal details, one log line and one report', async () => {
    await app.database.query({
      summary: 'ALTER activities',
      text: `
        alter table activities rename to stored;
        create view activities as select * from stored where 1 / (likes_count - likes_count) > 0`,
    });
    const response = await app.get('/api/activities/home?term=private');
    expect(response.status).toBe(500);
    expect(response.type).toBe('application/problem+json');
    expect(response.body).toEqual({
      type: 'about:blank',
      title: 'Internal Server Error',
      status: 500,
      detail: 'The service failed with an internal error, which has been reported.',
      instance: '/api/activities/home',
      trace_id: response.headers.traceresponse?.slice(3, 35),
    });
    const errors = app.lines.filter(({ fields }) => 'error_name' in fields);
    expect(errors).toEqual([
      {
        level: 'error',
        message: expect.stringContaining('division by zero'),
        fields: {
          error_name: 'error',
          error_message: 'division by zero',
          error_stack: expect.stringContaining('at '),
          error_cause: undefined,
        },
      },
    ]);
    expect(app.reports).toEqual([{ level: 'error', what: expect.any(Error), path: '/api/activities/home' }]);
  });
});

describe('a database without the demo user', () => {
  const app = useApp({ environment: { DEMO_USER_HANDLE: 'nobody' } });

  test.each([
    ['/api/activities', { message: 'hello', ttl: '1-day' }],
    ['/api/activities/68f126b0-1ceb-4a33-88be-d90fa7109eee/reply', { message: 'hello' }],
    ['/api/messages', { message: 'hello', user_receiver_handle: 'worf' }],
  ])('POST %s is a 503 that says what to do', async (path, body) => {
    const response = await app.post(path, body);
    expect(response.status).toBe(503);
    expect(response.headers['retry-after']).toBe('5');
    expect(response.body).toMatchObject({ detail: expect.stringMatching(/@nobody .*DEMO_USER_HANDLE/) });
    expect(app.reports).toHaveLength(1);
  });
});

describe('an unreachable database', () => {
  const app = useApp({
    overrides: async () => ({
      database: createDatabase({ databaseUrl: `postgres://127.0.0.1:${await freePort()}/cruddur` }),
    }),
  });

  test('is a 503 with Retry-After, reported once with its cause', async () => {
    const response = await app.get('/api/activities/home');
    expect(response.status).toBe(503);
    expect(response.headers['retry-after']).toBe('5');
    expect(response.body).toMatchObject({ title: 'Service Unavailable', trace_id: expect.any(String) });
    expect(response.text).not.toContain('127.0.0.1');
    expect(app.reports).toHaveLength(1);
    const [line] = app.lines.filter(({ fields }) => 'error_name' in fields);
    expect(line?.fields).toMatchObject({
      error_name: 'Unavailable',
      error_cause: expect.stringContaining('ECONNREFUSED'),
    });
  });

  test('is logged but not reported for HEAD', async () => {
    await app.request('head', '/api/activities/home').expect(503);
    expect(app.lines.filter(({ fields }) => 'error_name' in fields)).toHaveLength(1);
    expect(app.reports).toEqual([]);
  });
});

describe('a thrown value', () => {
  const fail = () => {
    throw new Error('secret');
  };
  let thrown: unknown;
  const app = useApp({
    overrides: (database) => ({ database: { ...database, query: () => Promise.reject(thrown) } }),
  });

  test.each([
    ['a string', 'out of cheese'],
    ['a number', 42],
    ['a symbol', Symbol('secret')],
    ['undefined', undefined],
    ['an object without a prototype', Object.create(null)],
    ['an error with a status of its own', Object.assign(new Error('secret'), { status: 404, expose: true })],
    [
      'an error with headers of its own',
      Object.assign(new Error('secret'), { headers: { 'x-secret': '1' } }),
    ],
    ['an error from URI decoding', new URIError('secret')],
    ['an error of another realm', runInNewContext("new Error('secret')")],
    ...['name', 'message', 'stack', 'code', 'cause', 'status'].map((member): [string, unknown] => [
      `an error whose ${member} throws`,
      Object.defineProperty(new URIError('secret'), member, { get: fail }),
    ]),
    ['an error whose name is no text', Object.assign(new Error('secret'), { name: Symbol('secret') })],
    ['an error whose message is no text', Object.assign(new Error('x'), { message: { secret: 1 } })],
    ['an error whose stack is no text', Object.assign(new Error('secret'), { stack: ['secret'] })],
    ['an object that hides its class', new Proxy({}, { getPrototypeOf: fail })],
    ['an object that hides its members', new Proxy(new Error('secret'), { get: fail })],
    ['an object that cannot be printed', { [inspect.custom]: fail }],
    [
      'an error whose cause hides its class',
      new Error('x', { cause: new Proxy({}, { getPrototypeOf: fail }) }),
    ],
  ])('is one fault: %s', async (_name, value) => {
    thrown = value;
    const response = await app.get('/api/activities/home');
    expect(response.status).toBe(500);
    expect(response.text).not.toContain('secret');
    expect(response.headers).not.toHaveProperty('x-secret');
    expect(app.reports).toHaveLength(1);
    expect(app.reports[0]?.what).toBeInstanceOf(Error);
    expect(app.lines.filter(({ level, fields }) => level === 'error' && 'error_name' in fields)).toHaveLength(
      1,
    );
  });

  test('that is a 4xx error is not a fault', async () => {
    thrown = new HttpError(429, 'Too many.', { headers: { 'Retry-After': '30' } });
    const response = await app.get('/api/activities/home');
    expect(response.status).toBe(429);
    expect(response.headers['retry-after']).toBe('30');
    expect(response.body).toMatchObject({ title: 'Too Many Requests', detail: 'Too many.' });
    expect(app.reports).toEqual([]);
    expect(app.lines.filter(({ level }) => level === 'error')).toEqual([]);
  });
});

describe('a response that fails half way', () => {
  const half: Endpoint = {
    method: 'get',
    path: '/half',
    summary: 'Fails after the first half of its response',
    response: z.string(),
    paged: false,
    handlers: [
      (_request, response) => {
        response.write('half an ');
        throw new Error('no answer');
      },
    ],
  };
  const app = useApp({ routes: [half] });

  test('closes the connection, so that the client notices', async () => {
    await expect(app.get('/half')).rejects.toThrow(/aborted|hang up|ECONNRESET/);
    expect(app.reports).toEqual([{ level: 'error', what: new Error('no answer'), path: '/half' }]);
  });
});
