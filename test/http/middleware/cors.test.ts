import { expect, test } from 'vitest';
import { useApp } from '../../helpers/app/app.ts';

const app = useApp({
  environment: { FRONTEND_URL: 'https://front.example/app', BACKEND_URL: 'http://localhost:4567' },
});

const CORS_HEADER = /^access-control-/;

test.each(['https://front.example', 'http://localhost:4567'])('%s may read responses', async (origin) => {
  const { headers } = await app.get('/api/activities/home').set('Origin', origin);
  expect(headers).toMatchObject({
    'access-control-allow-origin': origin,
    'access-control-expose-headers': 'location,link,traceresponse,x-amzn-trace-id',
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
    'access-control-allow-methods': 'OPTIONS,GET,HEAD,POST',
    'access-control-allow-headers':
      'content-type,if-modified-since,authorization,traceparent,tracestate,x-amzn-trace-id',
    'access-control-max-age': '7200',
    vary: 'Origin',
    traceresponse: expect.any(String),
  });
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

test('a request without an origin gets no CORS header', async () => {
  const { headers } = await app.get('/api/activities/home');
  expect(Object.keys(headers).filter((name) => CORS_HEADER.test(name))).toEqual([]);
  expect(headers.vary).toBe('Origin');
});
