import { expect, test } from 'vitest';
import { useApp } from '../helpers/app/app.ts';

const app = useApp();

const failing = useApp({
  overrides: (database) => ({ database: { ...database, query: () => Promise.reject(new Error('down')) } }),
});

const MESSAGE = { message: 'Qapla!', user_receiver_handle: 'worf' };
const POST = { message: 'Qapla!', ttl: '1-day' };

test.each([
  ['get', '/api/message_groups', 200],
  ['get', '/api/messages/@worf', 200],
  ['get', '/api/messages/@nobody', 404],
  ['get', '/api/messages/@worf?limit=0', 422],
  ['get', '/api/activities/notifications', 200],
  ['get', '/api/activities/notifications?before=x', 422],
  ['head', '/api/message_groups', 200],
  ['delete', '/api/message_groups', 405],
  ['get', '/livez', 200],
  ['get', '/readyz', 200],
  ['get', '/telemetry', 200],
] as const)('%s %s is never stored: %i', async (method, path, status) => {
  const response = await (method === 'get' ? app.get(path) : app.request(method, path));
  expect(response.status).toBe(status);
  expect(response.headers['cache-control']).toBe('no-store');
});

test.each([
  ['a message', 200, MESSAGE],
  ['an invalid message', 422, {}],
  ['a message to nobody', 404, { ...MESSAGE, user_receiver_handle: 'nobody' }],
  ['text', 415, 'text'],
] as const)('the answer to %s is never stored: %i', async (_name, status, body) => {
  const response = await app
    .post('/api/messages', body)
    .set('Content-Type', typeof body === 'string' ? 'text/plain' : 'application/json');
  expect(response.status).toBe(status);
  expect(response.headers['cache-control']).toBe('no-store');
});

test.each([
  ['/api/activities/home', 200],
  ['/api/activities/home?limit=0', 422],
  ['/api/activities/search?term=cloud', 200],
  ['/api/activities/@worf', 200],
  ['/api/activities/@nobody', 404],
  ['/api/activities/68f126b0-1ceb-4a33-88be-d90fa7109eee', 200],
  ['/api/activities', 405],
  ['/api/openapi.json', 200],
  ['/api/docs', 200],
  ['/rollbar/test', 200],
  ['/nothing', 404],
  ['/api/docs/nothing.js', 404],
])('%s is for one client, which asks again: %i', async (path, status) => {
  const response = await app.get(path);
  expect(response.status).toBe(status);
  expect(response.headers['cache-control']).toBe('private, no-cache');
});

test('so is the answer to a new activity', async () => {
  const response = await app.post('/api/activities', POST).expect(200);
  expect(response.headers['cache-control']).toBe('private, no-cache');
});

test('the files of the documentation page are cached for an hour', async () => {
  for (const file of ['start.js', 'swagger-ui.css', 'swagger-ui-bundle.js', 'favicon-32x32.png']) {
    const { headers } = await app.request('head', `/api/docs/${file}`).expect(200);
    expect(headers['cache-control']).toBe('public, max-age=3600');
    const again = await app
      .get(`/api/docs/${file}`)
      .set('If-None-Match', headers.etag ?? '')
      .expect(304);
    expect(again.headers['cache-control']).toBe('public, max-age=3600');
  }
});

test('a fault is cached as little as the answer would have been', async () => {
  const personal = await failing.get('/api/message_groups').expect(500);
  expect(personal.headers['cache-control']).toBe('no-store');
  const open = await failing.get('/api/activities/home').expect(500);
  expect(open.headers['cache-control']).toBe('private, no-cache');
});
