import { describe, expect, test } from 'vitest';
import { createDatabase } from '../../src/db/database.ts';
import { isHealthPath } from '../../src/observability/probes.ts';
import { useApp } from '../helpers/app/app.ts';
import { freePort } from '../helpers/network/free-port.ts';

describe('when the database answers', () => {
  const app = useApp();

  test.each(['/api/health-check', '/livez', '/readyz', '/livez?verbose'])('%s succeeds', async (path) => {
    const response = await app.get(path);
    expect(response.status).toBe(200);
    expect(response.body).toEqual({ success: true });
    expect(response.headers['cache-control']).toBe('no-store');
  });

  test('a probe gets no trace headers and no log line', async () => {
    const { headers } = await app.get('/api/health-check');
    expect(headers).not.toHaveProperty('traceresponse');
    expect(app.lines).toEqual([]);
  });
});

describe('while the schema is not up to date', () => {
  const app = useApp();
  const rename = (name: string) =>
    app.database.query({ summary: 'UPDATE', text: `update schema_migrations set name = ${name}` });

  test('the process is alive but not ready', async () => {
    await rename(`'x' || name`);
    expect((await app.get('/livez')).status).toBe(200);
    const response = await app.get('/readyz');
    expect(response.status).toBe(503);
    expect(response.body).toMatchObject({ detail: 'The database schema is not up to date.' });
    await rename('substr(name, 2)');
    await expect.poll(async () => (await app.get('/readyz')).status).toBe(200);
  });
});

describe('without any table', () => {
  const app = useApp();

  test.each([
    ['get', '/api/activities/home'],
    ['get', '/api/activities/notifications'],
    ['get', '/api/activities/@worf'],
    ['get', '/api/activities/search?term=honor'],
    ['get', '/api/activities/68f126b0-1ceb-4a33-88be-d90fa7109eee'],
    ['get', '/api/message_groups'],
    ['get', '/api/messages/@worf'],
    ['post', '/api/activities', { message: 'hello', ttl: '1-day' }],
    ['post', '/api/activities/68f126b0-1ceb-4a33-88be-d90fa7109eee/reply', { message: 'hello' }],
    ['post', '/api/messages', { message: 'hello', user_receiver_handle: 'worf' }],
  ] as const)('%s %s is a 503', async (method, path, body?: object) => {
    await app.database.query({ summary: 'DROP', text: 'drop schema public cascade; create schema public' });
    const response = await (method === 'get' ? app.get(path) : app.post(path, body));
    expect(response.status).toBe(503);
    expect(response.body).toMatchObject({ detail: expect.stringContaining('schema is not up to date') });
  });
});

describe('when the database does not answer', () => {
  const app = useApp({
    overrides: async () => ({
      database: createDatabase({ databaseUrl: `postgres://127.0.0.1:${await freePort()}/cruddur` }),
    }),
  });

  test('the process is alive but not ready, and nothing is logged or reported', async () => {
    expect((await app.get('/livez')).status).toBe(200);
    const response = await app.get('/readyz');
    expect(response.status).toBe(503);
    expect(response.type).toBe('application/problem+json');
    expect(response.headers['retry-after']).toBe('5');
    expect(response.body).toEqual({
      type: 'about:blank',
      title: 'Service Unavailable',
      status: 503,
      detail: expect.stringContaining('database'),
      instance: '/readyz',
    });
    expect(app.lines).toEqual([]);
    expect(app.reports).toEqual([]);
  });
});

test.each([
  ['/livez', true],
  ['/readyz?x=1', true],
  ['/api/health-check', true],
  ['/livez/more', false],
  ['/api/activities/home?next=/livez', false],
  ['', false],
])('isHealthPath(%j) is %s', (url, expected) => {
  expect(isHealthPath(url)).toBe(expected);
});
