import { randomBytes } from 'node:crypto';

const ROUTES = [
  '/api/activities/home',
  '/api/activities/search',
  '/api/messages/@worf',
  '/api/message_groups',
];

/** The telemetry of some requests: three spans and three log lines each. */
export interface Traffic {
  readonly traceIds: readonly string[];
  /** An ExportTraceServiceRequest. */
  readonly spans: string;
  /** The input of PutLogEvents, for stream `bench` of group `cruddur`. */
  readonly lines: string;
}

export const SPANS_PER_REQUEST = 3;

/** Builds the telemetry of current requests, as large as that of the Cruddur API. */
export function trafficOf(requests: number): Traffic {
  const traceIds = Array.from({ length: requests }, () => randomBytes(16).toString('hex'));
  const spans = traceIds.flatMap((traceId, at) => spansOf(traceId, ROUTES[at % ROUTES.length] ?? '/'));
  const logEvents = traceIds.flatMap((traceId, at) => linesOf(traceId, ROUTES[at % ROUTES.length] ?? '/'));
  return {
    traceIds,
    spans: JSON.stringify({
      resourceSpans: [
        {
          resource: { attributes: attributesOf({ 'service.name': 'backend-express', 'host.name': 'bench' }) },
          scopeSpans: [{ scope: { name: 'bench' }, spans }],
        },
      ],
    }),
    lines: JSON.stringify({ logGroupName: 'cruddur', logStreamName: 'bench', logEvents }),
  };
}

function spansOf(traceId: string, route: string) {
  const [server = '', useCase = '', query = ''] = Array.from({ length: 3 }, () =>
    randomBytes(8).toString('hex'),
  );
  const start = BigInt(Date.now()) * 1_000_000n;
  const span = (spanId: string, parentSpanId: string, name: string, kind: number, attributes: object) => ({
    traceId,
    spanId,
    parentSpanId,
    name,
    kind,
    startTimeUnixNano: String(start),
    endTimeUnixNano: String(start + 5_000_000n),
    attributes: attributesOf(attributes),
    status: { code: 0 },
  });
  return [
    span(server, '', `GET ${route}`, 2, {
      'http.request.method': 'GET',
      'url.scheme': 'http',
      'url.path': route,
      'http.route': route,
      'http.response.status_code': 200,
      'server.address': 'localhost',
      'server.port': 4567,
      'client.address': '127.0.0.1',
      'network.peer.address': '127.0.0.1',
      'network.protocol.version': '1.1',
      'user_agent.original': 'curl/8.14.1',
    }),
    span(useCase, server, 'home-activities', 1, {
      'app.now': new Date().toISOString(),
      'app.result_length': 4,
    }),
    span(query, useCase, 'SELECT activities', 3, {
      'db.system.name': 'postgresql',
      'db.namespace': 'cruddur',
      'db.operation.name': 'SELECT',
      'db.query.summary': 'SELECT activities',
      'db.query.text':
        'select activity_json(a) from activities a where a.expires_at > now() order by 1 limit $1',
      'server.address': '127.0.0.1',
      'server.port': 5432,
    }),
  ];
}

function attributesOf(attributes: object) {
  return Object.entries(attributes).map(([key, value]) => ({
    key,
    value: typeof value === 'number' ? { intValue: value } : { stringValue: value },
  }));
}

function linesOf(traceId: string, path: string) {
  const timestamp = Date.now();
  const xray = `1-${traceId.slice(0, 8)}-${traceId.slice(8)}`;
  return ['HomeActivities', 'rows read', `GET ${path} 200`].map((message) => ({
    timestamp,
    message: JSON.stringify({
      timestamp: new Date(timestamp).toISOString(),
      level: 'info',
      message,
      trace_id: traceId,
      span_id: traceId.slice(0, 16),
      xray_trace_id: xray,
      service: 'backend-express',
      ...(message.startsWith('GET') && {
        remote_addr: '127.0.0.1',
        method: 'GET',
        scheme: 'http',
        full_path: path,
        status: 200,
        duration_ms: 5.1,
      }),
    }),
  }));
}
