import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Receivers, startReceivers } from '../helpers/receivers.ts';
import { until } from '../helpers/until.ts';

const TRACE_ID = '5b8efff798038103d269b633813fc60c';
const SPAN = {
  traceId: TRACE_ID,
  spanId: 'eee19b7ec3c1b174',
  name: 'a',
  startTimeUnixNano: '1',
  endTimeUnixNano: '2',
};

let receivers: Receivers;
beforeEach(async () => {
  receivers = await startReceivers();
});
afterEach(() => receivers.close());

function post(body: string | Buffer, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${receivers.url}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : new Uint8Array(body),
  });
}

function batch(...spans: unknown[]): string {
  return JSON.stringify({ resourceSpans: [{ resource: {}, scopeSpans: [{ scope: { name: 's' }, spans }] }] });
}

function tracerProvider(compression: 'gzip' | 'none'): TracerProvider {
  const exporter = new OTLPTraceExporter({
    url: `${receivers.url}/v1/traces`,
    compression: compression as never,
  });
  return new TracerProvider({
    resource: resourceFromAttributes({ 'service.name': 'web', 'service.version': '1.2.3' }),
    spanProcessors: [new BatchSpanProcessor({ exporter })],
  });
}

describe('the spans of the OpenTelemetry SDK', () => {
  it.each(['gzip', 'none'] as const)('arrive complete (compression: %s)', async (compression) => {
    const provider = tracerProvider(compression);
    const tracer = provider.getTracer('home.activities', '2.0.0');
    const parent = tracer.startSpan('GET /', {
      kind: SpanKind.SERVER,
      startTime: [1_700_000_000, 5_000_000],
    });
    const child = tracer.startSpan(
      'home-activities',
      { links: [{ context: parent.spanContext(), attributes: { why: 'test' } }] },
      trace.setSpan(ROOT_CONTEXT, parent),
    );
    child.setAttributes({ text: 'héllo', whole: 42, broken: 0.5, yes: true, list: ['a', 'b'], none: [] });
    child.recordException(new TypeError('boom'));
    child.setStatus({ code: SpanStatusCode.ERROR, message: 'boom' });
    child.end();
    parent.end([1_700_000_000, 7_500_000]);
    await provider.shutdown();

    expect(receivers.spans()).toHaveLength(2);
    const [childSpan, parentSpan] = receivers.spans();
    expect(parentSpan).toMatchObject({
      traceId: parent.spanContext().traceId,
      spanId: parent.spanContext().spanId,
      name: 'GET /',
      kind: 'server',
      startTime: 1_700_000_000_005,
      durationMs: 2.5,
      status: { code: 'unset' },
      scope: { name: 'home.activities', version: '2.0.0' },
      resource: { 'service.name': 'web', 'service.version': '1.2.3' },
    });
    expect(parentSpan).not.toHaveProperty('parentSpanId');
    expect(childSpan).toMatchObject({
      parentSpanId: parent.spanContext().spanId,
      kind: 'internal',
      status: { code: 'error', message: 'boom' },
      attributes: { text: 'héllo', whole: 42, broken: 0.5, yes: true, list: ['a', 'b'], none: [] },
      events: [
        { name: 'exception', attributes: { 'exception.type': 'TypeError', 'exception.message': 'boom' } },
      ],
      links: [{ spanId: parent.spanContext().spanId, attributes: { why: 'test' } }],
    });
    expect(receivers.journal.byTrace(parent.spanContext().traceId)).toHaveLength(2);
  });
});

describe('the JSON encoding', () => {
  it('may have ids in upper case, numbers as strings or not, and unknown fields', async () => {
    const span = {
      ...SPAN,
      traceId: TRACE_ID.toUpperCase(),
      startTimeUnixNano: 1_000_000,
      attributes: [
        { key: 'n', value: { intValue: 7 } },
        { key: 'huge', value: { intValue: '9223372036854775807' } },
        { key: 'map', value: { kvlistValue: { values: [{ key: 'x', value: { stringValue: 'y' } }] } } },
        { key: '__proto__', value: { stringValue: 'just a name' } },
        { key: 'empty', value: {} },
      ],
      endTimeUnixNano: '3500000',
      somethingNew: true,
    };
    const response = await post(batch(span));

    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(await response.json()).toEqual({});
    expect(receivers.spans()[0]).toMatchObject({ traceId: TRACE_ID, startTime: 1, durationMs: 2.5 });
    expect(Object.entries(receivers.spans()[0]?.attributes ?? {})).toEqual([
      ['n', 7],
      ['huge', '9223372036854775807'],
      ['map', { x: 'y' }],
      ['__proto__', 'just a name'],
      ['empty', null],
    ]);
  });

  it('may be empty', async () => {
    expect(await (await post('{}')).json()).toEqual({});
    expect(receivers.journal.counts().unread.otlp).toBe(0);
  });
});

describe('unreadable spans', () => {
  it.each([
    ['no id', { ...SPAN, spanId: undefined }],
    ['a trace id of zeros', { ...SPAN, traceId: '0'.repeat(32) }],
    ['an invalid time', { ...SPAN, endTimeUnixNano: 'soon' }],
    ['another type', 'span'],
  ])('are rejected one by one: %s', async (_, bad) => {
    const response = await post(batch(SPAN, bad, { ...SPAN, name: 'b' }));

    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({
      partialSuccess: { rejectedSpans: '1', errorMessage: expect.stringMatching(/^a (span|time) /) },
    });
    expect(receivers.spans().map(({ name }) => name)).toEqual(['a', 'b']);
    expect(receivers.journal.unread()).toMatchObject([{ protocol: 'otlp' }]);
  });
});

describe('an unreadable request', () => {
  const bomb = gzipSync(Buffer.alloc(21 * 1024 * 1024, ' '));
  it.each([
    ['is not JSON', 400, '{"resourceSpans":', {}],
    ['is not an object', 400, '[]', {}],
    ['is nested too deep', 400, `${'['.repeat(100_000)}${']'.repeat(100_000)}`, {}],
    ['is of another type', 415, '{}', { 'content-type': 'text/plain' }],
    ['is in an unknown encoding', 415, '{}', { 'content-encoding': 'zstd' }],
    ['is not gzip, although its header says so', 400, '{}', { 'content-encoding': 'gzip' }],
    ['is incomplete gzip', 400, gzipSync(batch(SPAN)).subarray(0, -12), { 'content-encoding': 'gzip' }],
    ['is a gzip bomb', 413, bomb, { 'content-encoding': 'gzip' }],
    ['is too large', 413, Buffer.alloc(21 * 1024 * 1024, ' '), {}],
  ])('is refused with a Status, and counted: it %s', async (_, status, body, headers) => {
    const response = await post(body, headers);

    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(await response.json()).toEqual({ message: expect.any(String) });
    expect(receivers.journal.counts().unread.otlp).toBe(1);
    expect((await post(batch(SPAN))).status).toBe(200);
  });

  it('is refused in protobuf when its content type is protobuf', async () => {
    const response = await post('\x0a\x02', { 'content-type': 'application/x-protobuf' });
    expect(response.status).toBe(400);
    expect(response.headers.get('content-type')).toBe('application/x-protobuf');
    const status = Buffer.from(await response.arrayBuffer());
    // Field 2 of a google.rpc.Status is the message.
    expect(status[0]).toBe((2 << 3) | 2);
    expect(status.toString('utf8', 2)).toMatch(/^not protobuf: /);
    expect(receivers.journal.counts().unread.otlp).toBe(1);
  });

  it('is refused when its method is not POST', async () => {
    const response = await fetch(`${receivers.url}/v1/traces`);
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe('POST');
  });

  it('is answered, whatever its content', async () => {
    const body = fc.oneof(
      fc.json().map((json) => batch(JSON.parse(json))),
      fc.json(),
      fc.json().map((json) => `{"resourceSpans":${json}}`),
      fc.json().map((json) => batch({ ...SPAN, attributes: JSON.parse(json), events: JSON.parse(json) })),
      fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
      fc.nat(400).map((length) => batch(SPAN, SPAN).slice(0, length)),
    );
    await fc.assert(
      fc.asyncProperty(body, async (content) => {
        const response = await post(content);
        expect([200, 400]).toContain(response.status);
        await response.json();
      }),
      { numRuns: 200 },
    );
  });

  it('is counted when the client disconnects in the middle', async () => {
    const { port } = new URL(receivers.url);
    const socket = connect(Number(port), '127.0.0.1');
    socket.write('POST /v1/traces HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{"resource', () =>
      socket.destroy(),
    );

    await until(() => receivers.journal.counts().unread.otlp === 1);
  });
});
