import { ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Receivers, startReceivers } from '../helpers/receivers.ts';

const TRACE_ID = '5b8efff798038103d269b633813fc60c';
const SPAN = {
  traceId: TRACE_ID,
  spanId: 'eee19b7ec3c1b174',
  name: 'a',
  startTimeUnixNano: '1700000000000000000',
  endTimeUnixNano: '1700000000000000001',
};

let receivers: Receivers;
beforeEach(async () => {
  receivers = await startReceivers();
});
afterEach(() => receivers.close());

function post(body: string): Promise<Response> {
  const headers = { 'content-type': 'application/json' };
  return fetch(`${receivers.url}/v1/traces`, { method: 'POST', headers, body });
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
      startTimeUnixNano: 1_700_000_000_000_000_000,
      attributes: [
        { key: 'n', value: { intValue: 7 } },
        { key: 'huge', value: { intValue: '9223372036854775807' } },
        { key: 'map', value: { kvlistValue: { values: [{ key: 'x', value: { stringValue: 'y' } }] } } },
        { key: '__proto__', value: { stringValue: 'just a name' } },
        { key: 'empty', value: {} },
      ],
      endTimeUnixNano: '1700000000002500000',
      somethingNew: true,
    };
    const response = await post(batch(span));

    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(await response.json()).toEqual({});
    expect(receivers.spans()[0]).toMatchObject({
      traceId: TRACE_ID,
      startTime: 1_700_000_000_000,
      durationMs: 2.5,
    });
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
