import fc from 'fast-check';
import { expect, test } from 'vitest';
import { useApp } from '../../helpers/app/app.ts';

const app = useApp({
  environment: {
    FRONTEND_URL: 'https://front.example/app, https://second.example:8443',
    BACKEND_URL: 'http://localhost:4567',
  },
});

const ALLOWED = ['https://front.example', 'https://second.example:8443', 'http://localhost:4567'];
const CORS_HEADER = /^access-control-/;

test.each(ALLOWED)('%s may read responses', async (origin) => {
  const { headers } = await app.get('/api/activities/home').set('Origin', origin);
  expect(headers).toMatchObject({
    'access-control-allow-origin': origin,
    'access-control-expose-headers': 'location,link,ratelimit,retry-after,traceresponse,x-amzn-trace-id',
    vary: 'Origin',
  });
  expect(headers).not.toHaveProperty('access-control-allow-credentials');
});

test('an allowed origin may read errors', async () => {
  const { headers, status } = await app.get('/api/nothing').set('Origin', 'https://front.example');
  expect(status).toBe(404);
  expect(headers['access-control-allow-origin']).toBe('https://front.example');
});

test('a preflight gets the allowed methods and headers, and how long to cache them', async () => {
  const { headers, status } = await app
    .request('options', '/api/activities')
    .set('Origin', 'https://front.example')
    .set('Access-Control-Request-Method', 'POST')
    .set('Access-Control-Request-Headers', 'content-type,traceparent');
  expect(status).toBe(204);
  expect(headers).toMatchObject({
    'access-control-allow-origin': 'https://front.example',
    'access-control-allow-methods': 'OPTIONS,GET,HEAD,POST,PUT',
    'access-control-allow-headers':
      'content-type,if-modified-since,authorization,idempotency-key,traceparent,tracestate,baggage,' +
      'sentry-trace,x-amzn-trace-id',
    'access-control-max-age': '7200',
    vary: 'Origin',
    traceresponse: expect.any(String),
  });
});

test.each([
  '/api/activities/home',
  '/api/profile/update',
  '/nothing',
  '/api/activities/%',
  '/api/docs/start.js',
  '/livez',
])('a preflight of an allowed origin is a 204 whatever the path: %s', async (path) => {
  const { headers, status } = await app
    .request('options', path)
    .set('Origin', 'https://second.example:8443')
    .set('Access-Control-Request-Method', 'PUT');
  expect(status).toBe(204);
  expect(headers).toMatchObject({
    'access-control-allow-origin': 'https://second.example:8443',
    'access-control-allow-methods': 'OPTIONS,GET,HEAD,POST,PUT',
  });
  expect(headers).not.toHaveProperty('content-length');
  // The probes have no trace.
  if (path !== '/livez') expect(headers).toHaveProperty('traceresponse');
});

test('OPTIONS that is no preflight, or is not of an allowed origin, gets the answer of its path', async () => {
  const plain = await app.request('options', '/api/activities').set('Origin', 'https://front.example');
  expect([plain.status, plain.headers.allow]).toEqual([204, 'POST, OPTIONS']);
  const foreign = app.request('options', '/nothing').set('Access-Control-Request-Method', 'GET');
  await foreign.set('Origin', 'https://evil.example').expect(404);
});

test.each([
  'https://evil.example',
  'https://front.example.evil.example',
  'http://front.example',
  'https://front.example:8443',
  'null',
  '*',
])('%s gets no CORS header', async (origin) => {
  for (const request of [app.get('/api/activities/home'), app.request('options', '/api/activities/home')]) {
    const { headers } = await request.set('Origin', origin).set('Access-Control-Request-Method', 'GET');
    expect(Object.keys(headers).filter((name) => CORS_HEADER.test(name))).toEqual([]);
    expect(headers.vary).toBe('Origin');
  }
});

test('any origin but the allowed ones gets no CORS header', async () => {
  const piece = fc.oneof(
    fc.constantFrom('https://', 'front.example', 'null', ':8443', '/', '.', ' ', ',', 'second.example', '@'),
    fc.string({ unit: 'binary-ascii', maxLength: 5 }),
    fc.webUrl(),
  );
  const value = fc.array(piece, { maxLength: 5 }).map((pieces) =>
    pieces
      .join('')
      .replaceAll(/[^\x20-\x7e]/g, '')
      .trim(),
  );
  await fc.assert(
    fc.asyncProperty(value, async (origin) => {
      const { headers } = await app.get('/livez').set('Origin', origin);
      const names = Object.keys(headers).filter((name) => CORS_HEADER.test(name));
      expect(names.length > 0).toBe(ALLOWED.includes(origin));
      expect(headers.vary).toBe('Origin');
    }),
    { numRuns: 100 },
  );
});

test('a request without an origin gets no CORS header', async () => {
  const { headers } = await app.get('/api/activities/home');
  expect(Object.keys(headers).filter((name) => CORS_HEADER.test(name))).toEqual([]);
  expect(headers.vary).toBe('Origin');
});
