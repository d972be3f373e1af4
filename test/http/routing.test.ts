import { describe, expect, test } from 'vitest';
import { useApp } from '../helpers/app/app.ts';

const app = useApp();

test('an unknown path is a 404 with the path, without its query, and the trace id', async () => {
  const response = await app.get('/api/nothing/here?token=secret');
  expect(response.status).toBe(404);
  expect(response.type).toBe('application/problem+json');
  expect(response.body).toEqual({
    type: 'about:blank',
    title: 'Not Found',
    status: 404,
    detail: 'There is nothing at this path.',
    instance: '/api/nothing/here',
    trace_id: expect.stringMatching(/^[0-9a-f]{32}$/),
  });
  expect(response.headers.traceresponse).toContain(response.body.trace_id);
});

test.each([
  ['/api/activities/home', 'GET, HEAD, OPTIONS'],
  ['/api/activities', 'POST, OPTIONS'],
  ['/api/messages', 'POST, OPTIONS'],
  ['/api/docs', 'GET, HEAD, OPTIONS'],
  ['/livez', 'GET, HEAD, OPTIONS'],
])('%s responds to DELETE with 405 and to OPTIONS with 204, both with Allow: %s', async (path, allow) => {
  const refused = await app.request('delete', path);
  expect(refused.status).toBe(405);
  expect(refused.headers.allow).toBe(allow);
  expect(refused.body).toMatchObject({ status: 405, title: 'Method Not Allowed', instance: path });
  const options = await app.request('options', path);
  expect(options.status).toBe(204);
  expect(options.headers.allow).toBe(allow);
});

test('GET on a POST-only path is a 405', async () => {
  expect((await app.get('/api/activities')).status).toBe(405);
});

test.each([
  ['/api/activities/home?limit=1', 200],
  ['/api/activities/@worf', 200],
  ['/api/activities/search', 422],
  ['/api/message_groups', 200],
  ['/api/messages/@worf?limit=1', 200],
  ['/api/activities', 405],
  ['/api/docs', 200],
  ['/api/docs/swagger-ui.css', 200],
  ['/api/openapi.json', 200],
  ['/rollbar/test', 200],
  ['/livez', 200],
  ['/nothing', 404],
  ['/api/activities/%', 400],
])('HEAD %s responds as GET does, without the body: %i', async (path, status) => {
  const get = await app.get(path);
  const head = await app.request('head', path);
  expect([head.status, get.status]).toEqual([status, status]);
  expect(stable(head.headers)).toEqual(stable(get.headers));
  expect(head.text ?? '').toBe('');
});

/** Removes the headers that differ from one response to the next. */
function stable(headers: Record<string, string>) {
  const { date, traceresponse, 'x-amzn-trace-id': trace, ...rest } = headers;
  // The detail names the method.
  return headers.allow ? { ...rest, 'content-length': undefined } : rest;
}

test.each(['/api/activities/%', '/api/activities/@%zz', '/api/messages/@%c3%28', '/api/activities/%ff'])(
  'malformed percent-encoding is a 400: %s',
  async (path) => {
    const response = await app.get(path);
    expect(response.status).toBe(400);
    expect(response.body).toMatchObject({ title: 'Bad Request', instance: path });
  },
);

test.each(['/API/activities/home', '/api/activities/home/', '/api//activities/home'])(
  'paths are case-sensitive and exact: %s is a 404',
  async (path) => {
    expect((await app.get(path)).status).toBe(404);
  },
);

describe('every response', () => {
  test.each(['/api/activities/home', '/api/nothing', '/api/activities/search', '/telemetry', '/api/docs'])(
    'has the trace headers in both formats: %s',
    async (path) => {
      const { headers } = await app.get(path);
      const [, traceId = ''] =
        /^00-([0-9a-f]{32})-[0-9a-f]{16}-0[01]$/.exec(headers.traceresponse ?? '') ?? [];
      expect(headers['x-amzn-trace-id']).toBe(`Root=1-${traceId.slice(0, 8)}-${traceId.slice(8)}`);
    },
  );

  test('has security headers, and none that identify the server', async () => {
    for (const path of ['/api/activities/home', '/livez', '/api/nothing']) {
      const { headers } = await app.get(path);
      expect(headers).toMatchObject({
        'content-security-policy': "default-src 'none';frame-ancestors 'none'",
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'referrer-policy': 'no-referrer',
        'cross-origin-resource-policy': 'same-origin',
        'strict-transport-security': 'max-age=31536000; includeSubDomains',
        vary: 'Origin',
      });
      expect(headers).not.toHaveProperty('x-powered-by');
      expect(headers).not.toHaveProperty('server');
      expect(headers).not.toHaveProperty('etag');
    }
  });
});
