import {
  type Context,
  defaultTextMapGetter,
  ROOT_CONTEXT,
  SpanKind,
  TraceFlags,
  trace,
} from '@opentelemetry/api';
import {
  InMemorySpanExporter,
  type Sampler,
  SamplingDecision,
  SimpleSpanProcessor,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import { describe, expect, it } from 'vitest';
import { readConfig } from '../../../src/config/config.ts';
import { createSampler } from '../../../src/observability/tracing/sampler.ts';
import { createSpanLimit, type SpanLimit } from '../../../src/observability/tracing/span-limit.ts';
import { createTraceIds } from '../../../src/observability/tracing/trace-ids.ts';

const RATIO_SAMPLERS = ['traceidratio', 'parentbased_traceidratio'];
/** The ratio sampler XORs the four words of the id: the lowest id is always sampled, the highest never. */
const LOWEST = `${'0'.repeat(31)}1`;
const HIGHEST = `${'f'.repeat(8)}${'0'.repeat(24)}`;

/** A tracer with the sampler from the environment. `exported` holds the sampled spans. */
function openTracer(sampler: string, ratio: string, trustCallers = false, limit?: SpanLimit) {
  const { idGenerator, propagator } = createTraceIds();
  const exporter = new InMemorySpanExporter();
  const provider = new TracerProvider({
    idGenerator,
    sampler: samplerOf(sampler, ratio, trustCallers, limit),
    spanProcessors: [new SimpleSpanProcessor({ exporter })],
  });
  return { tracer: provider.getTracer('test'), propagator, exported: () => exporter.getFinishedSpans() };
}

/** The sampler of the environment. */
function samplerOf(sampler: string, ratio: string, trustCallers = false, limit?: SpanLimit): Sampler {
  const { otlp } = readConfig({
    DATABASE_URL: 'postgres://127.0.0.1:1/none',
    OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1',
    OTEL_TRACES_SAMPLER: sampler,
    OTEL_TRACES_SAMPLER_ARG: ratio,
  });
  if (otlp === undefined) throw new Error('tracing is off');
  const newTraceId = createTraceIds().idGenerator.generateTraceId;
  return createSampler(otlp, { trustsFlag: () => trustCallers, newTraceId, limit });
}

/** The context of a request whose caller sends a trace id and a flag. */
function calledWith(traceId: string, flag: TraceFlags): Context {
  return extracted({ traceparent: `00-${traceId}-c0ffee00c0ffee02-0${flag}` });
}

/** The context of a request whose caller sends a trace id and no flag. */
function undecided(traceId: string): Context {
  const root = `Root=1-${traceId.slice(0, 8)}-${traceId.slice(8)}`;
  return extracted({ 'x-amzn-trace-id': `${root};Parent=c0ffee00c0ffee02` });
}

function extracted(headers: Record<string, string>): Context {
  return createTraceIds().propagator.extract(ROOT_CONTEXT, headers, defaultTextMapGetter);
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
    ['always_off', LOWEST, TraceFlags.SAMPLED, 0],
  ])('with %s decides as OpenTelemetry specifies: %s with flag %d', (sampler, id, flag, sampled) => {
    expect(countSampled(openTracer(sampler, '0.5', true), 1, calledWith(id, flag))).toBe(sampled);
  });
});

describe('a trusted caller that names no parent', () => {
  function isSampled(sampler: string, more: string, trustCallers: boolean): boolean {
    const { tracer, propagator } = openTracer(sampler, '1', trustCallers);
    const headers = { 'x-amzn-trace-id': `Root=1-${LOWEST.slice(0, 8)}-${LOWEST.slice(8)}${more}` };
    const context = propagator.extract(ROOT_CONTEXT, headers, defaultTextMapGetter);
    const span = tracer.startSpan('GET /', { kind: SpanKind.SERVER }, context).spanContext();
    expect(span.traceId).toBe(LOWEST);
    return span.traceFlags === TraceFlags.SAMPLED;
  }

  it.each([
    ['parentbased_always_off', ';Sampled=1', true],
    ['parentbased_always_on', ';Sampled=0', false],
    ['parentbased_always_on', '', true],
    ['parentbased_always_off', ';Sampled=?', false],
    ['always_off', ';Sampled=1', false],
  ])('with %s decides by "%s" whether it is sampled: %s', (sampler, more, sampled) => {
    expect(isSampled(sampler, more, true)).toBe(sampled);
    expect(isSampled(sampler, more, false)).toBe(sampler.endsWith('on'));
  });
});

describe('SampleRate', () => {
  it.each([
    ['parentbased_traceidratio', '0.25', 4],
    ['traceidratio', '0.25', 4],
    ['parentbased_traceidratio', '1', undefined],
    ['parentbased_always_on', '0.25', undefined],
  ])('of %s with %s is %s, on the request and its child spans', (sampler, ratio, rate) => {
    const { tracer, exported } = openTracer(sampler, ratio);
    while (exported().length === 0) {
      const request = tracer.startSpan('request', { attributes: { kept: true } }, ROOT_CONTEXT);
      const useCase = tracer.startSpan('use case', {}, trace.setSpan(ROOT_CONTEXT, request));
      tracer.startSpan('query', {}, trace.setSpan(ROOT_CONTEXT, useCase)).end();
      useCase.end();
      request.end();
    }
    expect(exported().map(({ attributes }) => attributes.SampleRate)).toEqual([rate, rate, rate]);
    expect(exported()[2]?.attributes).toMatchObject({ kept: true });
  });

  it.each([
    ['parentbased_traceidratio', true],
    ['parentbased_traceidratio', false],
    ['traceidratio', true],
  ] as const)('of %s is on no span where a trusted caller decides: %s', (sampler, decides) => {
    const { tracer, exported } = openTracer(sampler, '0.25', true);
    const context = decides ? calledWith(LOWEST, TraceFlags.SAMPLED) : undecided(LOWEST);
    const request = tracer.startSpan('request', {}, context);
    tracer.startSpan('child', {}, trace.setSpan(ROOT_CONTEXT, request)).end();
    request.end();
    const rate = decides && sampler.startsWith('parentbased') ? undefined : 4;
    expect(exported().map(({ attributes }) => attributes.SampleRate)).toEqual([rate, rate]);
  });

  // The ratio sampler looks at nothing but the XOR of the four words, which these ids go through evenly.
  const evenIds = Array.from({ length: 100_000 }, (_, n) => {
    const word = Math.floor(((n + 0.5) * 2 ** 32) / 100_000);
    return `${word.toString(16).padStart(8, '0')}${'0'.repeat(24)}`;
  });

  it.each([0.67, 0.4, 0.3, 0.1, 0.003, 0.9999, 1, 0])('keeps counts right on average: %d', (ratio) => {
    const sampler = samplerOf('traceidratio', String(ratio));
    const rates = new Set<unknown>();
    let sampled = 0;
    let counted = 0;
    for (const id of evenIds) {
      const result = sampler.shouldSample(ROOT_CONTEXT, id, 'GET /', SpanKind.SERVER, {}, []);
      if (result.decision === SamplingDecision.NOT_RECORD) continue;
      sampled += 1;
      counted += Number(result.attributes?.SampleRate ?? 1);
      rates.add(result.attributes?.SampleRate);
    }
    expect(Math.abs(sampled - ratio * 100_000)).toBeLessThan(5);
    if (ratio === 0) return;
    expect(Math.abs(counted - 100_000)).toBeLessThan(1000);
    if (ratio === 1) expect([...rates]).toEqual([undefined]);
    else for (const rate of rates) expect([Math.floor(1 / ratio), Math.ceil(1 / ratio)]).toContain(rate);
  });

  it('is the same for all spans of a trace whose ratio is no 1/N', () => {
    const { tracer, exported } = openTracer('parentbased_traceidratio', '0.4');
    for (let n = 0; n < 200; n += 1) {
      const request = tracer.startSpan('request', {}, ROOT_CONTEXT);
      tracer.startSpan('child', {}, trace.setSpan(ROOT_CONTEXT, request)).end();
      request.end();
    }
    const traces = [...Map.groupBy(exported(), (span) => span.spanContext().traceId).values()];
    const rates = traces.map((spans) => spans.map(({ attributes }) => attributes.SampleRate));
    for (const [first, second] of rates) expect(first).toBe(second);
    expect(new Set(rates.flat())).toEqual(new Set([2, 3]));
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

describe('a limit of spans per second', () => {
  function openLimited(sampler: string, ratio: string, trustCallers = false) {
    const clock = { ms: 0 };
    let refused = 0;
    const onRefused = () => {
      refused += 1;
    };
    const limit = createSpanLimit({ spansPerSecond: 30, onRefused, now: () => clock.ms });
    const tracer = openTracer(sampler, ratio, trustCallers, limit);
    /** Sends requests of three spans for ten seconds, 200 in each. */
    const send = (context: Context) => {
      for (let n = 0; n < 2000; n += 1) {
        clock.ms += 5;
        const request = tracer.tracer.startSpan('request', { kind: SpanKind.SERVER }, context);
        const useCase = tracer.tracer.startSpan('use case', {}, trace.setSpan(ROOT_CONTEXT, request));
        tracer.tracer.startSpan('query', {}, trace.setSpan(ROOT_CONTEXT, useCase)).end();
        useCase.end();
        request.end();
      }
    };
    return { ...tracer, send, refused: () => refused };
  }

  it.each([
    ['parentbased_always_on', '1', 2000],
    ['parentbased_traceidratio', '0.5', 2000],
  ])('of %s with %s refuses whole traces, and those left keep the counts right', (sampler, ratio, count) => {
    const { send, exported, refused } = openLimited(sampler, ratio);
    send(ROOT_CONTEXT);
    expect(exported().length).toBeGreaterThan(270);
    expect(exported().length).toBeLessThanOrEqual(333);
    const requests = exported().filter(({ name }) => name === 'request');
    expect(exported()).toHaveLength(3 * requests.length);
    expect(refused()).toBeGreaterThan(count / 3);
    if (ratio === '1') expect(refused() + requests.length).toBe(count);
    const counted = requests.reduce((sum, { attributes }) => sum + Number(attributes.SampleRate ?? 1), 0);
    expect(counted).toBeGreaterThan(count * 0.85);
    expect(counted).toBeLessThan(count * 1.15);
  });

  it("bounds trusted callers' flags as well", () => {
    const { send, exported, refused } = openLimited('parentbased_always_off', '1', true);
    send(calledWith(HIGHEST, TraceFlags.SAMPLED));
    expect(exported().length).toBeLessThanOrEqual(333);
    expect(refused()).toBe(2000 - exported().length / 3);
    for (const { attributes } of exported()) expect(attributes).not.toHaveProperty('SampleRate');
  });
});
