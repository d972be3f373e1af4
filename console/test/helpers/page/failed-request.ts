import { hex, spanOf, type Telemetry } from '../telemetry.ts';

/** A request that failed in its query, in the formats of all four systems. It takes 120 ms from `at` on. */
export function failedRequest(at = Date.now()): Telemetry & { readonly traceId: string } {
  const [traceId, request, useCase, query, segment] = [hex(16), hex(8), hex(8), hex(8), hex(8)];
  const server = spanOf({
    traceId,
    spanId: request,
    name: 'GET /api/activities/home',
    kind: 'server',
    at,
    ms: 120,
    failed: 'database down',
    attributes: {
      'http.request.method': 'GET',
      'http.route': '/api/activities/home',
      'url.scheme': 'http',
      'url.path': '/api/activities/home',
      'url.query': "limit=3&term=it's",
      'http.response.status_code': 500,
      'server.address': 'localhost',
      'server.port': 4567,
    },
  });
  const child = spanOf({
    traceId,
    spanId: useCase,
    parentSpanId: request,
    name: 'home-activities',
    at: at + 10,
    ms: 100,
    failed: 'database down',
    attributes: { 'app.user_handle': 'andrewbrown', 'app.result_length': 4 },
    events: [
      {
        name: 'exception',
        at: at + 105,
        attributes: { 'exception.type': 'DatabaseError', 'exception.message': 'database down' },
      },
    ],
  });
  const statement = spanOf({
    traceId,
    spanId: query,
    parentSpanId: useCase,
    name: 'SELECT activities',
    kind: 'client',
    at: at + 20,
    ms: 80,
    attributes: { 'db.query.text': 'select * from activities where handle = $1' },
  });
  return {
    traceId,
    spans: [server, child, statement],
    segments: [segmentOf({ traceId, id: segment, at, subsegment: useCase })],
    lines: [
      logLine(traceId, useCase, at + 15, 'info', 'reading the home feed'),
      logLine(traceId, request, at + 118, 'error', 'GET /api/activities/home 500'),
    ],
    items: [itemOf(traceId, useCase, at + 105)],
  };
}

interface SegmentPlan {
  readonly traceId: string;
  readonly id: string;
  readonly subsegment: string;
  readonly at: number;
}

function segmentOf({ traceId, id, subsegment, at }: SegmentPlan): object {
  return {
    trace_id: `1-${traceId.slice(0, 8)}-${traceId.slice(8)}`,
    id,
    name: 'backend-express',
    start_time: at / 1000,
    end_time: (at + 120) / 1000,
    fault: true,
    http: {
      request: { method: 'GET', url: 'http://localhost:4567/api/activities/home' },
      response: { status: 500 },
    },
    subsegments: [
      {
        id: subsegment,
        name: 'home-activities',
        start_time: (at + 10) / 1000,
        end_time: (at + 110) / 1000,
        fault: true,
        annotations: { app_user_handle: 'andrewbrown' },
        metadata: { cruddur: { feed: { size: 4 } } },
      },
    ],
  };
}

function logLine(traceId: string, spanId: string, timestamp: number, level: string, message: string) {
  return { timestamp, message: JSON.stringify({ level, message, trace_id: traceId, span_id: spanId }) };
}

function itemOf(traceId: string, spanId: string, at: number): object {
  return {
    level: 'error',
    timestamp: Math.floor(at / 1000),
    uuid: hex(16),
    custom: { trace_id: traceId, span_id: spanId },
    request: {
      method: 'GET',
      url: 'http://localhost:4567/api/activities/home?limit=3',
      headers: { accept: '*/*' },
    },
    server: { root: '/srv/cruddur' },
    body: {
      trace: {
        exception: { class: 'DatabaseError', message: 'database down' },
        frames: [
          { filename: '/srv/cruddur/node_modules/pg/lib/client.js', lineno: 12, colno: 5, method: 'connect' },
          {
            filename: '/srv/cruddur/src/activities/home-activities.ts',
            lineno: 17,
            colno: 9,
            method: 'homeActivities',
            code: '  return store.home(page);',
            context: { pre: ['export function homeActivities() {'], post: ['}'] },
          },
        ],
      },
    },
  };
}
