import { randomBytes } from 'node:crypto';

/** The telemetry of one request, for `sendTelemetry`. */
export interface Telemetry {
  /** In OTLP's JSON encoding. */
  readonly spans?: readonly object[];
  /** X-Ray documents. */
  readonly segments?: readonly object[];
  /** Log events. */
  readonly lines?: readonly { readonly timestamp: number; readonly message: string }[];
  /** The `data` of Rollbar items. */
  readonly items?: readonly object[];
}

const STREAM = { logGroupName: 'cruddur', logStreamName: 'backend-express/host' };

/** Sends each part in the protocol of its system. Resolves when the console at `url` has acknowledged all. */
export async function sendTelemetry(url: string, telemetry: Telemetry): Promise<void> {
  const { spans = [], segments = [], lines = [], items = [] } = telemetry;
  if (spans.length) await post(`${url}/v1/traces`, { resourceSpans: [resourceSpans(spans)] });
  if (segments.length) {
    const documents = segments.map((segment) => JSON.stringify(segment));
    await post(`${url}/TraceSegments`, { TraceSegmentDocuments: documents });
  }
  if (lines.length) {
    await callLogs(url, 'CreateLogGroup', { logGroupName: STREAM.logGroupName });
    await callLogs(url, 'CreateLogStream', STREAM);
    await callLogs(url, 'PutLogEvents', { ...STREAM, logEvents: lines });
  }
  for (const data of items) await post(`${url}/api/1/item/`, { access_token: 'token', data });
}

interface SpanPlan {
  readonly traceId: string;
  readonly spanId?: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind?: 'internal' | 'server' | 'client';
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly ms: number;
  readonly attributes?: Readonly<Record<string, string | number>>;
  readonly events?: readonly { name: string; at: number; attributes: Record<string, string | number> }[];
  readonly failed?: string;
}

const KINDS = { internal: 1, server: 2, client: 3 };

/** Returns a span in OTLP's JSON encoding. */
export function spanOf(plan: SpanPlan): object {
  const { traceId, spanId = hex(8), parentSpanId, name, kind = 'internal', at, ms, failed } = plan;
  return {
    traceId,
    spanId,
    parentSpanId,
    name,
    kind: KINDS[kind],
    startTimeUnixNano: nanoseconds(at),
    endTimeUnixNano: nanoseconds(at + ms),
    attributes: keyValues(plan.attributes),
    events: plan.events?.map((event) => ({
      name: event.name,
      timeUnixNano: nanoseconds(event.at),
      attributes: keyValues(event.attributes),
    })),
    status: failed === undefined ? { code: 0 } : { code: 2, message: failed },
  };
}

/** Returns random bytes in hex: 16 for a trace id, 8 for a span id. */
export function hex(bytes: number): string {
  return randomBytes(bytes).toString('hex');
}

function resourceSpans(spans: readonly object[]): object {
  return {
    resource: { attributes: keyValues({ 'service.name': 'backend-express' }) },
    scopeSpans: [{ scope: { name: 'home.activities', version: '1.0.0' }, spans }],
  };
}

function keyValues(attributes: Readonly<Record<string, string | number>> = {}): object[] {
  return Object.entries(attributes).map(([key, value]) => ({
    key,
    value: typeof value === 'number' ? { intValue: value } : { stringValue: value },
  }));
}

function nanoseconds(ms: number): string {
  return String(BigInt(Math.round(ms * 1000)) * 1000n);
}

async function post(url: string, body: object): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}: ${await answer.text()}`);
  await answer.arrayBuffer();
}

/** Calls CloudWatch Logs. Ignores that a group or stream already exists. */
async function callLogs(url: string, operation: string, body: object): Promise<void> {
  const headers = {
    'content-type': 'application/x-amz-json-1.1',
    'x-amz-target': `Logs_20140328.${operation}`,
  };
  const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  const text = await answer.text();
  if (!answer.ok && !text.includes('ResourceAlreadyExists')) throw new Error(`${operation}: ${text}`);
}
