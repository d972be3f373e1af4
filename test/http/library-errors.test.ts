import { createRequire } from 'node:module';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { Endpoint } from '../../src/http/endpoint.ts';
import { useApp } from '../helpers/app/app.ts';

/** Express's own copy: the error classes of `send` and body-parser. */
const createError: (status: number, message: string, properties?: object) => Error = createRequire(
  createRequire(import.meta.url).resolve('express'),
)('http-errors');

let thrown: unknown;
const throwing: Endpoint = {
  method: 'get',
  path: '/throw',
  summary: 'Throws',
  response: z.string(),
  paged: false,
  handlers: [
    () => {
      throw thrown;
    },
  ],
};
const app = useApp({ routes: [throwing] });

const FILES = ['/api/docs', '/api/docs/swagger-ui.css', '/api/docs/start.js'];
const FUTURE = 'Fri, 01 Jan 2100 00:00:00 GMT';
const PAST = 'Thu, 01 Jan 1970 00:00:00 GMT';

/** Expects a problem without the file's validators and lifetime, a warning in the log, and no report. */
async function expectProblem(path: string, headers: Record<string, string>, status: number) {
  const response = await app.get(path).set(headers);
  expect(response.status).toBe(status);
  expect(response.type).toBe('application/problem+json');
  expect(response.body).toMatchObject({ status, instance: path, trace_id: expect.any(String) });
  expect(response.headers['cache-control']).toBe('private, no-cache');
  for (const name of ['etag', 'last-modified', 'accept-ranges']) {
    expect(response.headers).not.toHaveProperty(name);
  }
  expect(app.reports).toEqual([]);
  await expect.poll(() => app.lines.map(({ level }) => level)).toEqual(['warn']);
  return response;
}

describe.each(FILES)('%s', (path) => {
  test('answers a range beyond its end with 416 and its length', async () => {
    const response = await expectProblem(path, { Range: 'bytes=99999999-' }, 416);
    const { headers } = await app.get(path);
    expect(response.headers['content-range']).toBe(`bytes */${headers['content-length']}`);
  });

  test.each([{ 'If-Match': '"another"' }, { 'If-Unmodified-Since': PAST }])(
    'answers a precondition that fails with 412: %j',
    async (headers) => {
      await expectProblem(path, headers, 412);
    },
  );

  test('honours the conditions that hold', async () => {
    const { headers } = await app.get(path).expect(200);
    const etag = headers.etag ?? '';
    expect(etag).toMatch(/^W\/"/);
    await app.get(path).set('If-None-Match', etag).expect(304);
    await app.get(path).set('If-Modified-Since', FUTURE).expect(304);
    await app.get(path).set('If-Match', etag).expect(200);
    await app.get(path).set('If-Match', '*').expect(200);
    const part = await app.get(path).set('Range', 'bytes=0-9').expect(206);
    expect(part.headers['content-length']).toBe('10');
    for (const range of ['lines=1-2', 'bytes=5-2', 'bytes=x', 'bytes=0-1,5-6']) {
      await app.get(path).set('Range', range).expect(200);
    }
  });

  test('ignores the range of a HEAD', async () => {
    const { headers } = await app.get(path);
    const head = await app.request('head', path).set('Range', 'bytes=0-9').expect(200);
    expect(head.headers['content-length']).toBe(headers['content-length']);
  });
});

test.each([
  ['get', '/api/%'],
  ['get', '/%c3%28'],
  ['get', '/api/docs/%'],
  ['get', '/api/activities/@%zz'],
  ['get', '/api/messages/@%ff'],
  ['put', '/api/activities/%'],
  ['post', '/api/activities/%e0%a4%a/reply'],
] as const)('malformed percent-encoding anywhere in a path is a 400: %s %s', async (method, path) => {
  const request =
    method === 'get' ? app.get(path) : method === 'post' ? app.post(path) : app.request(method, path);
  const response = await request;
  expect(response.status).toBe(400);
  expect(response.body).toMatchObject({ title: 'Bad Request', instance: path });
  expect(app.reports).toEqual([]);
});

test.each([
  '/api/docs/..%2f..%2fpackage.json',
  '/api/docs//start.js',
  '/api/docs/%00',
  '/api/docs/.%2e/docs.ts',
  '//api/activities/home',
  '/api/activities/%2e%2e/home',
  '/api/activities/..%2fhome',
])('a path that only looks like another is a 404: %s', async (path) => {
  const response = await app.get(path);
  expect(response.status).toBe(404);
  expect(response.body).toMatchObject({ status: 404 });
});

describe('an error that is thrown in a route', () => {
  test.each([400, 403, 404, 412, 413, 417, 429, 451])(
    'keeps the status of http-errors: %i',
    async (status) => {
      thrown = createError(status, 'quotes the caller', { headers: { 'x-secret': '1' }, type: 'secret' });
      const response = await app.get('/throw').expect(status);
      expect(response.text).not.toMatch(/quotes|secret/);
      expect(response.headers).not.toHaveProperty('x-secret');
      expect(app.reports).toEqual([]);
    },
  );

  test.each([
    ['a 5xx of http-errors', () => createError(503, 'secret')],
    ['a status of its own', () => Object.assign(new Error('secret'), { status: 404, expose: true })],
    ['a status out of range', () => Object.assign(createError(404, 'secret'), { status: 299 })],
    ['no error at all', () => ({ status: 404, expose: true, message: 'secret' })],
    ['a prototype of its own', () => Object.create({ status: 404, expose: true })],
    ['a URIError with a status of its own', () => Object.assign(new URIError('secret'), { status: 404 })],
    [
      'a getter that throws',
      () =>
        Object.defineProperty(new Error('secret'), 'status', {
          get() {
            throw new Error('secret');
          },
        }),
    ],
  ])('is a fault with %s', async (_name, create) => {
    thrown = create();
    const response = await app.get('/throw').expect(500);
    expect(response.text).not.toContain('secret');
    expect(app.reports).toHaveLength(1);
  });
});
