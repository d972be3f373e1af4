import { afterAll, expect, test } from 'vitest';
import { useApp } from '../helpers/app/app.ts';
import { type Span, startReceivers } from '../helpers/telemetry/receivers.ts';

const receivers = await startReceivers();
afterAll(receivers.close);

const app = useApp({
  environment: { OTEL_EXPORTER_OTLP_ENDPOINT: receivers.url, OTEL_BSP_SCHEDULE_DELAY: '50' },
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

test('a fault is one exception event on the request span', async () => {
  const { headers } = await app.get('/api/activities/search?term=a').expect(500);
  const [request, useCase] = await spansOf(
    headers.traceresponse,
    'GET /api/activities/search',
    'search-activities',
  );
  expect(request?.status.code).toBe('error');
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

test('a probe creates no span', async () => {
  await app.get('/livez').expect(200);
  const { headers } = await app.get('/api/nothing');
  await spansOf(headers.traceresponse, 'GET');
  expect(receivers.spans().filter(({ attributes }) => attributes['url.path'] === '/livez')).toEqual([]);
});
