import { ROOT_CONTEXT, type SpanContext, TraceFlags, trace } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  createAlwaysRecordSampler,
  SimpleSpanProcessor,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { CallerState } from '../../../src/observability/trace-state.ts';
import { type Receivers, startReceivers } from '../../helpers/telemetry/receivers.ts';
import { openSpanPipe } from '../../helpers/telemetry/span-pipe.ts';
import { attributes, makeSpans, spanPlan } from './span-plans.ts';

/** An ExportTraceServiceRequest. */
interface Request {
  readonly resourceSpans: readonly {
    readonly resource: unknown;
    readonly schemaUrl?: string;
    readonly scopeSpans: readonly {
      readonly scope: unknown;
      readonly schemaUrl?: string;
      readonly spans: readonly { readonly spanId: string }[];
    }[];
  }[];
}

const ours = await startReceivers();
const sdks = await startReceivers();
// The SDK's exporter sends numbers that OTLP's JSON cannot hold, which the receivers refuse.
afterAll(() => Promise.all([ours.close(), sdks.close().catch(() => {})]));

/** The protocols to compare. */
const PROTOCOLS = ['http/json', 'http/protobuf'].map((name) => ({ OTEL_EXPORTER_OTLP_PROTOCOL: name }));

/** The spans of the requests from number `from` on, by id, each with its resource and scope. */
function spansSince(receivers: Receivers, from: number): Record<string, unknown> {
  const requests = receivers.requests('otlp').slice(from);
  return Object.fromEntries(
    requests.flatMap(({ json }) =>
      (json as Request).resourceSpans.flatMap(({ scopeSpans, ...inResource }) =>
        scopeSpans.flatMap(({ spans, ...inScope }) =>
          spans.map((span) => [span.spanId, { inResource, inScope, span }]),
        ),
      ),
    ),
  );
}

/** Corrects the numbers that the SDK's exporter cannot represent in its JSON. */
function correctNumbers(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value), (_key, each) => {
    if (typeof each?.intValue === 'number' && !Number.isSafeInteger(each.intValue))
      return { doubleValue: each.intValue };
    return each !== null && typeof each === 'object' && /NaN|Infinity/.test(each.doubleValue)
      ? { doubleValue: null }
      : each;
  });
}

it("a span in JSON equals the encoding of the SDK's own exporter, for any span", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(spanPlan, { minLength: 1, maxLength: 5 }), attributes, async (plans, about) => {
      const pipe = openSpanPipe(ours.url, { OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json' });
      const exporter = new OTLPTraceExporter({ url: `${sdks.url}/v1/traces` });
      const provider = new TracerProvider({
        sampler: new AlwaysOnSampler(),
        resource: resourceFromAttributes(about),
        spanProcessors: [pipe.processor, new SimpleSpanProcessor({ exporter })],
      });
      const from = [ours.requests('otlp').length, sdks.requests('otlp').length] as const;
      makeSpans(provider, plans);
      await Promise.all([pipe.drain(5000), provider.shutdown()]);
      expect(pipe.counts()).toMatchObject({ accepted: plans.length, sent: plans.length });
      const expected = spansSince(sdks, from[1]);
      expect(Object.keys(expected)).toHaveLength(plans.length);
      expect(correctNumbers(spansSince(ours, from[0]))).toEqual(correctNumbers(expected));
    }),
    { numRuns: 40 },
  );
});

describe.each(PROTOCOLS)('an encoded span with %j', (protocol) => {
  it.each([
    [1, { intValue: 1 }],
    [-0, { intValue: 0 }],
    [Number.MAX_SAFE_INTEGER, { intValue: Number.MAX_SAFE_INTEGER }],
    [0.5, { doubleValue: 0.5 }],
    [2 ** 63, { doubleValue: 2 ** 63 }],
    [1e300, { doubleValue: 1e300 }],
    [Number.NaN, { doubleValue: 'NaN' }],
    [Number.POSITIVE_INFINITY, { doubleValue: 'Infinity' }],
    [Number.NEGATIVE_INFINITY, { doubleValue: '-Infinity' }],
  ])("has the number %d in protobuf's JSON form", async (number, written) => {
    const pipe = openSpanPipe(ours.url, protocol);
    const from = ours.requests('otlp').length;
    const provider = new TracerProvider({ spanProcessors: [pipe.processor] });
    provider.getTracer('numbers').startSpan('span', { attributes: { number } }).end();
    await pipe.drain(5000);
    expect(Object.values(spansSince(ours, from))).toMatchObject([
      { span: { attributes: [{ key: 'number', value: written }] } },
    ]);
  });

  it('stays in its own scope within a shared batch', async () => {
    const pipe = openSpanPipe(ours.url, {
      ...protocol,
      OTEL_BSP_SCHEDULE_DELAY: '60000',
    });
    const from = ours.requests('otlp').length;
    const provider = new TracerProvider({ spanProcessors: [pipe.processor] });
    for (const name of ['a', 'b', 'a', 'c', 'b']) provider.getTracer(name).startSpan(name).end();
    await pipe.drain(5000);
    const [request, ...others] = ours.requests('otlp').slice(from);
    expect(others).toEqual([]);
    const { resourceSpans } = Object(request?.json) as Request;
    expect(resourceSpans).toHaveLength(1);
    expect(resourceSpans[0]?.scopeSpans).toMatchObject([
      { scope: { name: 'a' }, spans: [{ name: 'a' }, { name: 'a' }] },
      { scope: { name: 'b' }, spans: [{ name: 'b' }, { name: 'b' }] },
      { scope: { name: 'c' }, spans: [{ name: 'c' }] },
    ]);
  });

  it('is not sent when it is recorded but not sampled', async () => {
    const pipe = openSpanPipe(ours.url, protocol);
    const sampler = createAlwaysRecordSampler(new AlwaysOffSampler());
    const provider = new TracerProvider({ sampler, spanProcessors: [pipe.processor] });
    const span = provider.getTracer('unsampled').startSpan('span');
    expect(span.isRecording()).toBe(true);
    span.end();
    await pipe.drain(5000);
    expect(pipe.counts()).toMatchObject({ accepted: 0 });
  });
});

it.each(PROTOCOLS)(
  'cuts every text at 2 kB with %j, and the stack of an exception at 16 kB',
  async (protocol) => {
    const long = 'é'.repeat(50_000);
    const pipe = openSpanPipe(ours.url, protocol);
    const provider = new TracerProvider({ spanProcessors: [pipe.processor] });
    const span = provider.getTracer('long').startSpan(long, { attributes: { text: long, list: [long] } });
    span.recordException({ name: 'Error', message: long, stack: `Error: ${long}\n    at a (b.ts:1:1)` });
    span.recordException({
      name: 'Error',
      message: 'short',
      stack: `Error: short${'\n    at a'.repeat(9000)}`,
    });
    span.setStatus({ code: 2, message: long });
    span.end();
    await pipe.drain(1000);
    const cut = `${'é'.repeat(1022)}…`;
    const sent = await ours.until(() => ours.spans().findLast(({ scope }) => scope.name === 'long'));
    expect(sent).toMatchObject({
      name: cut,
      attributes: { text: cut, list: [cut] },
      status: { message: cut },
    });
    const [first, second] = sent.events.map(({ attributes: of }) => String(of['exception.stacktrace']));
    expect(sent.events[0]?.attributes).toMatchObject({ 'exception.message': cut });
    expect(first).toBe(`Error: ${cut}\n    at a (b.ts:1:1)`);
    expect(Buffer.byteLength(String(second))).toBeLessThanOrEqual(16_384);
  },
);

it.each(PROTOCOLS)(
  'keeps whole members of a tracestate, at most 2,048 characters of them, with %j',
  async (protocol) => {
    const members = Array.from({ length: 32 }, (_, n) => `k${n}=`.padEnd(200, 'v'));
    const pipe = openSpanPipe(ours.url, protocol);
    const provider = new TracerProvider({ spanProcessors: [pipe.processor] });
    const caller: SpanContext = {
      traceId: '0af7651916cd43dd8448eb211c80319c',
      spanId: 'b7ad6b7169203331',
      traceFlags: TraceFlags.SAMPLED,
      traceState: new CallerState(members),
    };
    const links = [{ context: caller }];
    const from = ours.requests('otlp').length;
    provider
      .getTracer('state')
      .startSpan('span', { links }, trace.setSpanContext(ROOT_CONTEXT, caller))
      .end();
    await pipe.drain(1000);
    const traceState = members.slice(0, 10).join();
    expect(Object.values(spansSince(ours, from))).toMatchObject([
      { span: { traceState, links: [{ traceState }] } },
    ]);
  },
);
