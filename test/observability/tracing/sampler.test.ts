import {
  type Context,
  defaultTextMapGetter,
  ROOT_CONTEXT,
  SpanKind,
  TraceFlags,
  trace,
} from '@opentelemetry/api';
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { describe, expect, it } from 'vitest';
import { readConfig } from '../../../src/config/config.ts';
import { createSampler } from '../../../src/observability/tracing/sampler.ts';
import { createTraceIds } from '../../../src/observability/tracing/trace-ids.ts';

const RATIO_SAMPLERS = ['traceidratio', 'parentbased_traceidratio'];
/** The ratio sampler XORs the four words of the id: the lowest id is always sampled, the highest never. */
const LOWEST = `${'0'.repeat(31)}1`;
const HIGHEST = `${'f'.repeat(8)}${'0'.repeat(24)}`;

/** A tracer with the sampler from the environment. `exported` holds the sampled spans. */
function openTracer(sampler: string, ratio: string, trustCallers = false) {
  const { otlp } = readConfig({
    DATABASE_URL: 'postgres://127.0.0.1:1/none',
    OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1',
    OTEL_TRACES_SAMPLER: sampler,
    OTEL_TRACES_SAMPLER_ARG: ratio,
  });
  if (otlp === undefined) throw new Error('tracing is off');
  const { idGenerator, propagator } = createTraceIds();
  const exporter = new InMemorySpanExporter();
  const provider = new TracerProvider({
    idGenerator,
    sampler: createSampler(otlp, {
      isTrustedPeer: () => trustCallers,
      newTraceId: idGenerator.generateTraceId,
    }),
    spanProcessors: [new SimpleSpanProcessor({ exporter })],
  });
  return { tracer: provider.getTracer('test'), propagator, exported: () => exporter.getFinishedSpans() };
}

/** The context of a request whose caller sends a trace id. */
function calledWith(traceId: string, traceFlags: TraceFlags): Context {
  const spanId = 'c0ffee00c0ffee02';
  return trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags, isRemote: true });
}

/** Returns how many of `count` requests are sampled. */
function countSampled({ tracer, exported }: ReturnType<typeof openTracer>, count: number, context: Context) {
  const before = exported().length;
  for (let n = 0; n < count; n += 1) tracer.startSpan('GET /', { kind: SpanKind.SERVER }, context).end();
  return exported().length - before;
}

describe('an untrusted caller', () => {
  it.each(RATIO_SAMPLERS.flatMap((sampler) => [LOWEST, HIGHEST].map((id) => [sampler, id] as const)))(
    'of %s decides nothing by the id %s in a Root without a parent, and the spans below follow the first',
    (sampler, id) => {
      const { tracer, propagator, exported } = openTracer(sampler, '0.5');
      const headers = { 'x-amzn-trace-id': `Root=1-${id.slice(0, 8)}-${id.slice(8)}` };
      for (let n = 0; n < 400; n += 1) {
        const context = propagator.extract(ROOT_CONTEXT, headers, defaultTextMapGetter);
        const first = tracer.startSpan('GET /', { kind: SpanKind.SERVER }, context);
        expect(first.spanContext().traceId).toBe(id);
        tracer.startSpan('home-activities', {}, trace.setSpan(ROOT_CONTEXT, first)).end();
        first.end();
      }
      const requests = exported().filter(({ name }) => name === 'GET /').length;
      expect(requests).toBeGreaterThan(120);
      expect(requests).toBeLessThan(280);
      expect(exported().length).toBe(2 * requests);
    },
  );

  it.each(
    RATIO_SAMPLERS.flatMap((sampler) =>
      [LOWEST, HIGHEST].flatMap((id) =>
        [TraceFlags.SAMPLED, TraceFlags.NONE].map((flag) => [sampler, id, flag]),
      ),
    ) as [string, string, TraceFlags][],
  )('of %s decides nothing by the id %s and the flag %d', (sampler, id, flag) => {
    const sampled = countSampled(openTracer(sampler, '0.5'), 400, calledWith(id, flag));
    expect(sampled).toBeGreaterThan(120);
    expect(sampled).toBeLessThan(280);
  });

  it.each([
    ['always_on', 1],
    ['always_off', 0],
    ['parentbased_always_on', 1],
    ['parentbased_always_off', 0],
  ])('with %s does not decide', (sampler, sampled) => {
    const { tracer, exported } = openTracer(sampler, '1');
    tracer.startSpan('in', {}, calledWith(LOWEST, TraceFlags.NONE)).end();
    tracer.startSpan('in', {}, calledWith(HIGHEST, TraceFlags.SAMPLED)).end();
    expect(exported()).toHaveLength(2 * sampled);
  });

  it('still sets the trace id and the parent', () => {
    const { tracer, exported } = openTracer('always_on', '1');
    tracer.startSpan('in', {}, calledWith(HIGHEST, TraceFlags.NONE)).end();
    const [span] = exported();
    expect(span?.spanContext()).toMatchObject({ traceId: HIGHEST, traceFlags: TraceFlags.SAMPLED });
    expect(span?.parentSpanContext).toMatchObject({ spanId: 'c0ffee00c0ffee02' });
  });
});

describe('a trusted caller', () => {
  it.each([
    ['parentbased_traceidratio', HIGHEST, TraceFlags.SAMPLED, 1],
    ['parentbased_traceidratio', LOWEST, TraceFlags.NONE, 0],
    ['parentbased_always_off', LOWEST, TraceFlags.SAMPLED, 1],
    ['parentbased_always_on', LOWEST, TraceFlags.NONE, 0],
    ['traceidratio', LOWEST, TraceFlags.NONE, 1],
    ['traceidratio', HIGHEST, TraceFlags.SAMPLED, 0],
    ['always_on', HIGHEST, TraceFlags.NONE, 1],
  ])('with %s decides as OpenTelemetry specifies: %s with flag %d', (sampler, id, flag, sampled) => {
    expect(countSampled(openTracer(sampler, '0.5', true), 1, calledWith(id, flag))).toBe(sampled);
  });
});

describe('SampleRate', () => {
  it.each([
    ['parentbased_traceidratio', '0.25', 4],
    ['traceidratio', '0.25', 4],
    ['parentbased_traceidratio', '0.3', 3],
    ['parentbased_traceidratio', '1', undefined],
    ['parentbased_always_on', '0.25', undefined],
  ])('of %s with %s is %s, on the request and its child spans', (sampler, ratio, rate) => {
    const { tracer, exported } = openTracer(sampler, ratio, true);
    const lowest = calledWith(LOWEST, TraceFlags.SAMPLED);
    const request = tracer.startSpan('request', { attributes: { kept: true } }, lowest);
    const child = tracer.startSpan('child', {}, trace.setSpan(ROOT_CONTEXT, request));
    child.end();
    request.end();
    expect(exported().map(({ attributes }) => attributes.SampleRate)).toEqual([rate, rate]);
    expect(exported()[1]?.attributes).toMatchObject({ kept: true });
  });

  it('of a ratio of 0 is on no span, because none is sampled', () => {
    expect(countSampled(openTracer('parentbased_traceidratio', '0'), 100, ROOT_CONTEXT)).toBe(0);
  });

  it('samples whole traces: a child follows its request', () => {
    const { tracer, exported } = openTracer('parentbased_traceidratio', '0.5');
    for (let n = 0; n < 200; n += 1) {
      const request = tracer.startSpan('request', {}, calledWith(LOWEST, TraceFlags.SAMPLED));
      tracer.startSpan('child', {}, trace.setSpan(ROOT_CONTEXT, request)).end();
      request.end();
    }
    const names = Map.groupBy(exported(), ({ name }) => name);
    expect(names.get('child')?.length).toBe(names.get('request')?.length);
    expect(exported().length).toBeLessThan(400);
  });
});
