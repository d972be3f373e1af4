import { afterAll, expect, test } from 'vitest';
import { useApp } from '../helpers/app/app.ts';
import { exchange, parseAnswers } from '../helpers/network/raw-http.ts';
import { type Span, startReceivers } from '../helpers/telemetry/receivers.ts';

const receivers = await startReceivers();
afterAll(receivers.close);

const app = useApp({
  environment: { HOST: '0.0.0.0', OTEL_EXPORTER_OTLP_ENDPOINT: receivers.url, OTEL_BSP_SCHEDULE_DELAY: '50' },
  overrides: (database) => ({
    database: {
      ...database,
      query: (query) =>
        query.text.includes('words_query') ? Promise.reject(new Error('no answer')) : database.query(query),
    },
  }),
});

/** Waits for the spans with these names in the trace of a response. */
async function spansOf(traceresponse: string | undefined, ...names: string[]): Promise<Span[]> {
  const inTrace = () => receivers.spans().filter(({ traceId }) => traceresponse?.includes(traceId));
  await receivers.until(() => names.every((name) => inTrace().some((span) => span.name === name)));
  return names.flatMap((name) => inTrace().filter((span) => span.name === name));
}

test('a request span is named after its route; the use case span has the result length', async () => {
  const { headers } = await app.get('/api/activities/home?limit=3');
  const [request, useCase] = await spansOf(
    headers.traceresponse,
    'GET /api/activities/home',
    'home-activities',
  );
  expect(request).toMatchObject({
    kind: 'server',
    status: { code: 'unset' },
    attributes: { 'http.route': '/api/activities/home', 'http.response.status_code': 200 },
  });
  expect(useCase).toMatchObject({
    parentSpanId: request?.spanId,
    scope: { name: 'home.activities' },
    attributes: {
      'app.now': expect.stringMatching(/^\d{4}-.*Z$/),
      'app.result_length': 3,
      'app.page_limit': 3,
    },
  });
});

test.each([
  ['/api/activities/@worf', 'GET /api/activities/@:handle', 'user-activities'],
  ['/api/activities/68f126b0-1ceb-4a33-88be-d90fa7109eee', 'GET /api/activities/:uuid', 'show-activity'],
  ['/api/activities/notifications', 'GET /api/activities/notifications', 'notifications'],
  ['/api/message_groups', 'GET /api/message_groups', 'message-groups'],
  ['/api/messages/@worf', 'GET /api/messages/@:handle', 'messages'],
])('%s has the spans %s and %s', async (path, route, name) => {
  const { headers } = await app.get(path).expect(200);
  const [request, useCase, ...more] = await spansOf(headers.traceresponse, route, name);
  expect(useCase?.parentSpanId).toBe(request?.spanId);
  expect(more).toEqual([]);
});

test('a POST has both spans, without the text of the body', async () => {
  const { headers } = await app.post('/api/activities', { message: 'private', ttl: '1-day' }).expect(200);
  const [request, useCase] = await spansOf(headers.traceresponse, 'POST /api/activities', 'create-activity');
  expect(useCase?.parentSpanId).toBe(request?.spanId);
  expect(useCase?.attributes).toMatchObject({ 'app.message_length': 7, 'app.ttl': '1-day' });
  expect(JSON.stringify(receivers.spans())).not.toContain('private');
});

test.each([
  ['/api/activities/@WORF', 'user-activities', 'worf'],
  ['/api/activities/@%57o%52f', 'user-activities', 'worf'],
  ['/api/messages/@Bayko', 'messages', 'bayko'],
])('%s annotates the handle as it is stored', async (path, name, handle) => {
  const { headers } = await app.get(path).expect(200);
  const [useCase] = await spansOf(headers.traceresponse, name);
  expect(useCase?.attributes['app.user_handle']).toBe(handle);
});

test('a message annotates the handle of its receiver as it is stored', async () => {
  const { headers } = await app.post('/api/messages', { message: 'a', user_receiver_handle: 'BAYKO' });
  const [useCase] = await spansOf(headers.traceresponse, 'create-message');
  expect(useCase?.attributes['app.user_handle']).toBe('bayko');
});

test.each([
  ['an unknown handle', '/api/activities/@Nobody', 404],
  ['a handle with a letter that looks the same', '/api/activities/@%D0%B0ndrewbrown', 404],
  ['a handle that PostgreSQL might lower', '/api/activities/@ba%E2%84%AAy%E2%84%AAo', 404],
  ['a handle that is too long', `/api/messages/@${'a'.repeat(5000)}`, 404],
])('%s is no annotation', async (_name, path, status) => {
  const { headers } = await app.get(path).expect(status);
  const traceId = headers.traceresponse?.split('-')[1];
  await receivers.until(() =>
    receivers.spans().some((span) => span.traceId === traceId && span.kind === 'server'),
  );
  const spans = receivers.spans().filter((span) => span.traceId === traceId);
  expect(spans.flatMap(({ attributes }) => Object.keys(attributes))).not.toContain('app.user_handle');
});

test('a fault is one exception event on the request span', async () => {
  const { headers } = await app.get('/api/activities/search?term=a').expect(500);
  const [request, useCase] = await spansOf(
    headers.traceresponse,
    'GET /api/activities/search',
    'search-activities',
  );
  expect(request?.status).toEqual({ code: 'error', message: 'no answer' });
  expect(request?.events).toMatchObject([
    { name: 'exception', attributes: { 'exception.type': 'Error', 'exception.message': 'no answer' } },
  ]);
  expect(useCase?.status.code).toBe('error');
});

test.each([
  ['/api/activities/@nobody', 'GET /api/activities/@:handle'],
  ['/api/activities/home?limit=0', 'GET /api/activities/home'],
  ['/api/nothing', 'GET'],
])('a 4xx response is not an error on the span: %s', async (path, name) => {
  const { headers } = await app.get(path);
  const [request] = await spansOf(headers.traceresponse, name);
  expect(request).toMatchObject({ status: { code: 'unset' }, events: [] });
});

test('an absolute target has the attributes of its origin form and of its authority', async () => {
  const target = 'http://worf:S3CR3T@api.example:8080/api/activities/home?limit=2';
  const bytes = `GET ${target} HTTP/1.1\r\nHost: other.example\r\nConnection: close\r\n\r\n`;
  const [answer] = parseAnswers(await exchange(app.port, bytes));
  const [request] = await spansOf(answer?.headers.traceresponse, 'GET /api/activities/home');
  expect(request?.attributes).toMatchObject({
    'url.path': '/api/activities/home',
    'url.query': 'limit=2',
    'server.address': 'api.example',
    'server.port': 8080,
  });
  expect(JSON.stringify(request)).not.toContain('S3CR3T');
});

test('a probe with an absolute target creates no span', async () => {
  await exchange(app.port, 'GET http://a/livez HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
  const { headers } = await app.get('/api/nothing');
  await spansOf(headers.traceresponse, 'GET');
  expect(JSON.stringify(receivers.spans())).not.toContain('livez');
});

test('a probe creates no span', async () => {
  await app.get('/livez').expect(200);
  const { headers } = await app.get('/api/nothing');
  await spansOf(headers.traceresponse, 'GET');
  expect(receivers.spans().filter(({ attributes }) => attributes['url.path'] === '/livez')).toEqual([]);
});
