import { hostname } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { toXRayTraceId } from '../../src/observability/amzn-trace-id.ts';
import { ROOT, type Service, useServices } from '../helpers/app/service.ts';
import { useDatabase } from '../helpers/database/databases.ts';
import { ISO_TIME } from '../helpers/iso-time.ts';
import { type Answer, traceIdOf } from '../helpers/network/http-client.ts';
import { type SegmentDocument, startReceivers } from '../helpers/telemetry/receivers.ts';
import { rulesArrived } from '../helpers/telemetry/sampling-rules.ts';
import { type Trace, waitForTrace } from '../helpers/telemetry/wait-for-trace.ts';

/** Each may appear only where it belongs. */
const SECRETS = {
  honeycombKey: 'hcaik-hush-1',
  rollbarToken: 'b0bafe77b0bafe77b0bafe77b0bafe77',
  awsSecretKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
  databasePassword: 'hush-2',
  queryToken: 'hush-3',
  authorization: 'hush-4',
  cookie: 'hush-5',
  message: 'for the eyes of bayko only',
};

const receivers = await startReceivers();
afterAll(receivers.close);
const db = useDatabase('postgres');
const services = useServices();
let service: Service;
let home: Answer;
let rollbarTest: Answer;
let posted: Answer;

beforeAll(async () => {
  const databaseUrl = new URL(db.url);
  databaseUrl.password = SECRETS.databasePassword;
  service = await services.start({
    ...receivers.environment,
    DATABASE_URL: databaseUrl.href,
    OTEL_EXPORTER_OTLP_HEADERS: `x-honeycomb-team=${SECRETS.honeycombKey}`,
    ROLLBAR_ACCESS_TOKEN: SECRETS.rollbarToken,
    AWS_SECRET_ACCESS_KEY: SECRETS.awsSecretKey,
  });
  await rulesArrived(service, receivers);
  const headers = {
    authorization: `Bearer ${SECRETS.authorization}`,
    cookie: `session=${SECRETS.cookie}`,
    'user-agent': 'curl/8.16.0',
  };
  home = await service.ask(`/api/activities/home?token=${SECRETS.queryToken}&limit=3`, { headers });
  rollbarTest = await service.ask(`/rollbar/test?access_token=${SECRETS.queryToken}`, { headers });
  posted = await service.ask('/api/activities', {
    headers,
    body: { message: SECRETS.message, ttl: '1-day' },
  });
  await service.ask('/livez');
  await service.ask('/readyz');
  expect(await service.stop()).toMatchObject({ code: 0, stderr: '' });
  await arrived(home, 'spans', 'segments', 'logs');
  await arrived(rollbarTest, 'spans', 'segments', 'logs', 'reports');
  await arrived(posted, 'spans', 'segments', 'logs');
});

/** The traces of the requests by id. */
const traces = new Map<string, Trace>();
const traceOf = (answer: Answer) => traces.get(traceIdOf(answer)) as Trace;

async function arrived(answer: Answer, ...parts: (keyof Trace)[]): Promise<void> {
  traces.set(traceIdOf(answer), await waitForTrace(receivers, traceIdOf(answer), ...parts));
}

const spansOf = (answer: Answer) => traceOf(answer).spans;
const segmentsOf = (answer: Answer) => traceOf(answer).segments;
const eventsOf = (answer: Answer) => traceOf(answer).logs;
const reportsOf = (answer: Answer) => traceOf(answer).reports;
const xrayIdOf = (answer: Answer) => toXRayTraceId(traceIdOf(answer));

describe('one request for the home feed', () => {
  it('is answered with its trace id in both notations', () => {
    expect(home.status).toBe(200);
    expect(JSON.parse(home.body)).toHaveLength(3);
    expect(home.headers.traceresponse).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
    expect(home.headers['x-amzn-trace-id']).toBe(`Root=${xrayIdOf(home)}`);
  });

  it('has three spans in Honeycomb: the request with its route, the use case, the query', () => {
    const spans = spansOf(home);
    expect(spans).toHaveLength(3);
    const request = spans.find(({ name }) => name === 'GET /api/activities/home');
    const useCase = spans.find(({ name }) => name === 'home-activities');
    const query = spans.find(({ name }) => name === 'SELECT activities');
    expect(request).toMatchObject({
      kind: 'server',
      status: { code: 'unset' },
      attributes: {
        'http.request.method': 'GET',
        'http.route': '/api/activities/home',
        'http.response.status_code': 200,
        'url.path': '/api/activities/home',
        'url.query': 'token=[redacted]&limit=3',
        'client.address': '127.0.0.1',
        'user_agent.original': 'curl/8.16.0',
      },
    });
    expect(request).not.toHaveProperty('parentSpanId');
    expect(useCase).toMatchObject({
      kind: 'internal',
      parentSpanId: request?.spanId,
      scope: { name: 'home.activities' },
      attributes: {
        'app.now': ISO_TIME,
        'app.result_length': 3,
        'app.page_limit': 3,
      },
    });
    expect(query).toMatchObject({
      kind: 'client',
      parentSpanId: useCase?.spanId,
      attributes: {
        'db.system.name': 'postgresql',
        'db.namespace': new URL(db.url).pathname.slice(1),
        'db.operation.name': 'SELECT',
        'db.collection.name': 'activities',
        'db.query.summary': 'SELECT activities',
        'db.query.text': expect.stringContaining('limit $3'),
        'server.address': '127.0.0.1',
      },
    });
    expect(Object.keys(query?.attributes ?? {}).filter((name) => /param/.test(name))).toEqual([]);
    for (const { resource } of spans) {
      expect(resource).toMatchObject({
        'service.name': 'backend-express',
        'service.version': packageJson.version,
        'host.name': hostname(),
      });
    }
  });

  it('has one segment in X-Ray, with the same names nested and the attributes as annotations', () => {
    const [segment, ...others] = segmentsOf(home);
    expect(others).toEqual([]);
    expect(segment).toMatchObject({
      name: 'backend-express',
      http: {
        request: { method: 'GET', url: expect.stringMatching(/\/api\/activities\/home\?token=\[redacted\]/) },
        response: { status: 200 },
      },
      annotations: { http_route: '/api/activities/home' },
      service: { version: packageJson.version },
    });
    expect(segment).not.toHaveProperty('fault');
    const useCase = onlySubsegment(segment);
    expect(useCase).toMatchObject({
      name: 'home-activities',
      annotations: { app_result_length: 3, app_page_limit: 3, app_now: expect.stringMatching(/Z$/) },
    });
    expect(Object.keys(useCase?.metadata ?? {})).toEqual(['cruddur']);
    const query = onlySubsegment(useCase);
    expect(query).toMatchObject({
      name: 'SELECT activities',
      namespace: 'remote',
      annotations: { db_system_name: 'postgresql', db_query_summary: 'SELECT activities' },
      sql: { database_type: 'PostgreSQL', sanitized_query: expect.stringContaining('limit $3') },
    });
    expect(query?.subsegments).toBeUndefined();
  });

  it('has two lines in CloudWatch Logs, in the group cruddur and a stream of this host', () => {
    const [feed, access, ...others] = eventsOf(home);
    expect(others).toEqual([]);
    for (const event of [feed, access]) {
      expect(event).toMatchObject({ group: 'cruddur', stream: `backend-express/${hostname()}` });
      expect(event?.fields).toMatchObject({ level: 'info', xray_trace_id: xrayIdOf(home) });
      expect(event?.timestamp).toBe(Date.parse(String(event?.fields?.timestamp)));
    }
    const spanNamed = (name: string) => spansOf(home).find((span) => span.name === name)?.spanId;
    expect(feed?.fields).toMatchObject({ message: 'HomeActivities', span_id: spanNamed('home-activities') });
    expect(access?.fields).toMatchObject({
      message: 'GET /api/activities/home 200',
      span_id: spanNamed('GET /api/activities/home'),
      remote_addr: '127.0.0.1',
      method: 'GET',
      scheme: 'http',
      full_path: '/api/activities/home?token=[redacted]&limit=3',
      status: 200,
      duration_ms: expect.any(Number),
    });
  });

  it('has the same lines on stdout', () => {
    // The counts of requests are an event of their own, at the end.
    const lines = receivers.logEvents().filter(({ fields }) => !('_aws' in fields));
    const uploaded = lines.map(({ message }) => message);
    const printed = service.stdout().trimEnd().split('\n');
    expect(uploaded).toEqual(printed);
  });

  it('has no report in Rollbar', () => {
    expect(reportsOf(home)).toEqual([]);
  });
});

describe('one request for /rollbar/test', () => {
  it('answers Hello World!', () => {
    expect(rollbarTest).toMatchObject({ status: 200, body: 'Hello World!' });
  });

  it('has one warning in Rollbar, with the trace id of its span, segment and line', () => {
    expect(receivers.reports()).toHaveLength(1);
    expect(reportsOf(rollbarTest)[0]).toMatchObject({
      level: 'warning',
      body: { message: { body: 'Hello World!' } },
      environment: 'production',
      framework: 'node-js',
      context: '/rollbar/test',
      code_version: packageJson.version,
      custom: { trace_id: traceIdOf(rollbarTest), xray_trace_id: xrayIdOf(rollbarTest) },
      request: { method: 'GET', url: expect.stringMatching(/\/rollbar\/test\?access_token=/) },
      server: { host: hostname(), root: ROOT },
    });
    expect(spansOf(rollbarTest).map(({ name }) => name)).toEqual(['GET /rollbar/test']);
    expect(segmentsOf(rollbarTest)).toMatchObject([{ name: 'backend-express' }]);
    expect(eventsOf(rollbarTest).map(({ fields }) => fields.message)).toEqual(['GET /rollbar/test 200']);
  });
});

describe('the data that leaves the process', () => {
  it('has spans, segments and lines of requests only, none of a probe or a sink', () => {
    expect(posted.status).toBe(200);
    const answers = [home, rollbarTest, posted];
    expect(answers.flatMap(spansOf)).toHaveLength(receivers.spans().length);
    expect(answers.flatMap(segmentsOf)).toHaveLength(receivers.segments().length);
    expect(answers.map((answer) => segmentsOf(answer).length)).toEqual([1, 1, 1]);
    expect(answers.map((answer) => spansOf(answer).length)).toEqual([3, 1, 3]);
    expect(receivers.unreadable()).toEqual([]);
  });

  it('has no span without its parent, and no segment that is open or apart from its parent', () => {
    for (const answer of [home, rollbarTest, posted]) {
      const ids = new Set(spansOf(answer).map(({ spanId }) => spanId));
      const inner = spansOf(answer).filter(({ kind }) => kind !== 'server');
      for (const { parentSpanId } of inner) expect(ids).toContain(parentSpanId);
      for (const segment of segmentsOf(answer)) {
        expect(segment).not.toHaveProperty('in_progress');
        expect(segment).not.toHaveProperty('type');
      }
    }
  });

  it('has no trace context in the requests to a sink', () => {
    const protocols = new Set(receivers.requests().map(({ protocol }) => protocol));
    expect(protocols).toEqual(new Set(['otlp', 'xray', 'cloudwatch-logs', 'rollbar']));
    for (const { headers } of receivers.requests()) {
      expect(Object.keys(headers)).not.toContain('traceparent');
      expect(Object.keys(headers)).not.toContain('x-amzn-trace-id');
    }
  });

  it('has each key in the header for its own system only, and no other secret', () => {
    for (const { protocol, headers } of receivers.requests()) {
      expect(headers['x-honeycomb-team']).toBe(protocol === 'otlp' ? SECRETS.honeycombKey : undefined);
      expect(headers['x-rollbar-access-token']).toBe(
        protocol === 'rollbar' ? SECRETS.rollbarToken : undefined,
      );
    }
    const bytes = [
      service.stdout(),
      JSON.stringify([receivers.spans(), receivers.segments(), receivers.logEvents(), receivers.reports()]),
      ...receivers.requests().map(({ headers, body, path }) => {
        const { 'x-honeycomb-team': _key, 'x-rollbar-access-token': _token, ...others } = headers;
        return `${path}\n${JSON.stringify(others)}\n${body}`;
      }),
    ].join('\n');
    expect(bytes).toContain('[redacted]');
    for (const [name, secret] of Object.entries(SECRETS)) {
      expect(bytes.includes(secret), name).toBe(false);
    }
  });
});

function onlySubsegment(of: SegmentDocument | undefined): SegmentDocument | undefined {
  expect(of?.subsegments).toHaveLength(1);
  return of?.subsegments?.[0];
}
