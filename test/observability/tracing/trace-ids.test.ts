import {
  defaultTextMapGetter,
  defaultTextMapSetter,
  INVALID_SPAN_CONTEXT,
  ROOT_CONTEXT,
  type SpanContext,
  trace,
} from '@opentelemetry/api';
import { suppressTracing } from '@opentelemetry/core';
import { SamplingDecision, TracerProvider } from '@opentelemetry/sdk-trace';
import type { Segment } from 'aws-xray-sdk-core';
import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { parseAmznTraceId, toXRayTraceId, xrayTraceIdOf } from '../../../src/observability/amzn-trace-id.ts';
import { withSegment } from '../../../src/observability/segment-context.ts';
import { parseTraceState } from '../../../src/observability/trace-state.ts';
import { createRootIdSlot } from '../../../src/observability/tracing/root-id-slot.ts';
import { createSampler } from '../../../src/observability/tracing/sampler.ts';
import { createTraceIds } from '../../../src/observability/tracing/trace-ids.ts';

const ID = '6745ab12c0ffee00c0ffee00c0ffee01';
const ROOT = 'Root=1-6745ab12-c0ffee00c0ffee00c0ffee01';
const PARENT = 'c0ffee00c0ffee02';
const TRACEPARENT = `00-${ID}-${PARENT}-01`;
const CALLER = { traceId: ID, spanId: PARENT, traceFlags: 1, isRemote: true };

afterEach(() => {
  vi.useRealTimers();
});

describe('the ids of a process', () => {
  it('are hexadecimal and unique, and trace ids begin with the time', () => {
    const { idGenerator } = createTraceIds();
    const before = Math.floor(Date.now() / 1000);
    const traceIds = Array.from({ length: 100_000 }, () => idGenerator.generateTraceId());
    const spanIds = Array.from({ length: 100_000 }, () => idGenerator.generateSpanId());
    const after = Math.floor(Date.now() / 1000);
    expect(new Set(traceIds).size).toBe(100_000);
    expect(new Set(spanIds).size).toBe(100_000);
    expect(traceIds.filter((id) => !/^[0-9a-f]{32}$/.test(id))).toEqual([]);
    expect(spanIds.filter((id) => !/^[0-9a-f]{16}$/.test(id))).toEqual([]);
    const times = new Set(traceIds.map((id) => Number.parseInt(id.slice(0, 8), 16)));
    expect(Math.min(...times)).toBeGreaterThanOrEqual(before);
    expect(Math.max(...times)).toBeLessThanOrEqual(after);
  });

  it.each([
    ['2001-09-09', '3b9'],
    ['2026-11-22', '6b'],
    ['2106-02-07', 'ff'],
  ])('have eight hex digits of time on %s', (date, digits) => {
    vi.useFakeTimers({ now: Date.parse(date) });
    const id = createTraceIds().idGenerator.generateTraceId();
    expect(id).toMatch(/^[0-9a-f]{32}$/);
    expect(id.slice(0, digits.length)).toBe(digits);
  });
});

describe('the slot of a root id', () => {
  it('gives an offered id once', () => {
    const slot = createRootIdSlot();
    expect(slot.take()).toBeUndefined();
    slot.offer(ID);
    expect(slot.take()).toBe(ID);
    expect(slot.take()).toBeUndefined();
  });

  it('keeps the last offer only, and an empty offer clears it', () => {
    const slot = createRootIdSlot();
    slot.offer(ID);
    slot.offer(ID.replace('01', '02'));
    expect(slot.take()).toBe(ID.replace('01', '02'));
    slot.offer(ID);
    slot.offer(undefined);
    expect(slot.take()).toBeUndefined();
  });
});

describe('the propagator', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.stringMatching(/^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}(-.*)?$/),
    fc.stringMatching(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24}(;Parent=[0-9a-f]{16})?(;Sampled=[01?])?$/),
    fc.stringMatching(/^([a-z0-9]+=[ -~]*,)*$/),
  );
  const header = fc.option(fc.oneof(text, fc.array(text, { maxLength: 3 })), { nil: undefined });

  it.each([false, true])(
    'extracts a valid span context or none from any headers, and never throws',
    (segments) => {
      const { propagator, identify, idGenerator } = createTraceIds({ segments });
      const headers = fc.record({
        traceparent: header,
        tracestate: header,
        'x-amzn-trace-id': header,
        'x-forwarded-for': header,
      });
      fc.assert(
        fc.property(headers, (carrier) => {
          const context = propagator.extract(ROOT_CONTEXT, carrier, defaultTextMapGetter);
          const caller = trace.getSpanContext(context);
          if (caller !== undefined) expect(caller).toSatisfy(trace.isSpanContextValid);
          const traceId = idGenerator.generateTraceId();
          expect(traceId).toMatch(/^(?!0{32})[0-9a-f]{32}$/);
          const carrierOut: Record<string, string> = {};
          propagator.inject(context, carrierOut, defaultTextMapSetter);
          expect(Object.keys(carrierOut).length > 0).toBe(caller !== undefined);
          const { traceparent = TRACEPARENT, tracestate, 'x-amzn-trace-id': amzn } = carrierOut;
          expect(traceparent).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]$/);
          if (tracestate !== undefined) expect(parseTraceState(tracestate)?.join()).toBe(tracestate);
          if (amzn !== undefined) expect(parseAmznTraceId(amzn)).toMatchObject({ spanId: caller?.spanId });

          const own = identify(carrier);
          expect(own).toSatisfy(trace.isSpanContextValid);
          expect(own.spanId).not.toBe(caller?.spanId);
          if (caller !== undefined) expect(own.traceId).toBe(caller.traceId);
          expect(idGenerator.generateTraceId()).not.toBe(own.traceId);
        }),
        { numRuns: 500 },
      );
    },
  );

  it("uses a load balancer's id for the next trace only", () => {
    const { propagator, idGenerator } = createTraceIds();
    propagator.extract(ROOT_CONTEXT, { 'x-amzn-trace-id': ROOT }, defaultTextMapGetter);
    expect(idGenerator.generateTraceId()).toBe(ID);
    expect(idGenerator.generateTraceId()).not.toBe(ID);
  });

  it.each([
    ['no header', {}],
    ['a traceparent', { traceparent: `00-${ID.replace('1', '2')}-${PARENT}-01` }],
    ['Root and Parent', { 'x-amzn-trace-id': `${ROOT.replace('01', '02')};Parent=${PARENT}` }],
  ])('discards that id when the next request has %s', (_what, headers) => {
    const { propagator, idGenerator } = createTraceIds();
    propagator.extract(ROOT_CONTEXT, { 'x-amzn-trace-id': ROOT }, defaultTextMapGetter);
    propagator.extract(ROOT_CONTEXT, headers, defaultTextMapGetter);
    expect(idGenerator.generateTraceId()).not.toBe(ID);
  });

  it.each([
    ['', 1],
    [';Sampled=1', 1],
    [';Sampled=0', 0],
    [';Sampled=?', 1],
  ])('extracts Parent with "%s" as a remote parent with flags %d', (more, traceFlags) => {
    const headers = { 'x-amzn-trace-id': `${ROOT};Parent=${PARENT}${more}` };
    const context = createTraceIds().propagator.extract(ROOT_CONTEXT, headers, defaultTextMapGetter);
    expect(trace.getSpanContext(context)).toEqual({
      traceId: ID,
      spanId: PARENT,
      traceFlags,
      isRemote: true,
    });
  });

  it("names X-Ray's segment as the parent where the request has one", () => {
    const { propagator } = createTraceIds();
    const headers = { traceparent: `00-${ID}-${PARENT}-00` };
    const carrier = {};
    const context = propagator.extract(ROOT_CONTEXT, headers, defaultTextMapGetter);
    const segment = { id: '53995c3f42cd8ad8' } as Segment;
    propagator.inject(withSegment(context, segment), carrier, defaultTextMapSetter);
    expect(carrier).toEqual({
      ...headers,
      'x-amzn-trace-id': `${ROOT};Parent=53995c3f42cd8ad8;Sampled=1`,
    });
  });

  it.each([
    ['no trace', ROOT_CONTEXT],
    ['a trace that is suppressed', suppressTracing(trace.setSpanContext(ROOT_CONTEXT, CALLER))],
    ['a trace without an id', trace.setSpanContext(ROOT_CONTEXT, INVALID_SPAN_CONTEXT)],
  ])('injects nothing for %s', (_what, context) => {
    const carrier = {};
    createTraceIds().propagator.inject(context, carrier, defaultTextMapSetter);
    expect(carrier).toEqual({});
  });

  it('passes on flags that a traceparent of version 00 may have', () => {
    const { propagator } = createTraceIds();
    const carrier = {};
    const context = trace.setSpanContext(ROOT_CONTEXT, { ...CALLER, traceFlags: 0xff });
    propagator.inject(context, carrier, defaultTextMapSetter);
    expect(carrier).toMatchObject({ traceparent: `00-${ID}-${PARENT}-01` });
  });

  const FOREIGN = '4bf92f3577b34da6a3ce929d0e0e4736';

  it.each([
    ['a traceparent', { traceparent: `00-${FOREIGN}-${PARENT}-01` }],
    ['Root and Parent', { 'x-amzn-trace-id': `Root=${toXRayTraceId(FOREIGN)};Parent=${PARENT}` }],
    ['Root alone', { 'x-amzn-trace-id': `Root=${toXRayTraceId(FOREIGN)}` }],
  ])(
    "gives all spans of a trace the id that X-Ray gets for the caller's, sampled or not: %s",
    (_what, headers) => {
      for (const decision of [SamplingDecision.RECORD_AND_SAMPLED, SamplingDecision.NOT_RECORD]) {
        const { idGenerator, propagator } = createTraceIds({ segments: true });
        const sampler = createSampler(
          { sampler: decision === SamplingDecision.NOT_RECORD ? 'always_off' : 'always_on', samplerRatio: 1 },
          { trustsFlag: () => false, newTraceId: idGenerator.generateTraceId },
        );
        const tracer = new TracerProvider({ idGenerator, sampler }).getTracer('test');
        const context = propagator.extract(ROOT_CONTEXT, headers, defaultTextMapGetter);
        const request = tracer.startSpan('GET /', {}, context);
        const child = tracer.startSpan('child', {}, trace.setSpan(context, request));
        const own = xrayTraceIdOf(request.spanContext());
        expect(request.spanContext().traceId).toBe(FOREIGN);
        expect(own).toMatch(/^1-[0-9a-f]{8}-77b34da6a3ce929d0e0e4736$/);
        expect(own).not.toBe(toXRayTraceId(FOREIGN));
        expect(xrayTraceIdOf(child.spanContext())).toBe(own);
        const carrier: Record<string, string> = {};
        propagator.inject(trace.setSpan(context, child), carrier, defaultTextMapSetter);
        expect(carrier['x-amzn-trace-id']).toContain(`Root=${own};Parent=${child.spanContext().spanId};`);
        expect(carrier).not.toHaveProperty('tracestate');
        expect(createTraceIds({ segments: true }).identify(headers)).toSatisfy(
          (span: SpanContext) => span.traceId === FOREIGN && xrayTraceIdOf(span) === own,
        );
      }
    },
  );

  it('does not give that id to another trace that the request starts', () => {
    const { idGenerator, propagator } = createTraceIds({ segments: true });
    const sampler = createSampler(
      { sampler: 'always_on', samplerRatio: 1 },
      { trustsFlag: () => false, newTraceId: idGenerator.generateTraceId },
    );
    const tracer = new TracerProvider({ idGenerator, sampler }).getTracer('test');
    const headers = { traceparent: `00-${FOREIGN}-${PARENT}-01` };
    const context = propagator.extract(ROOT_CONTEXT, headers, defaultTextMapGetter);
    const span = tracer.startSpan('clean up', { root: true }, context).spanContext();
    expect(span.traceId).not.toBe(FOREIGN);
    expect(xrayTraceIdOf(span)).toBe(toXRayTraceId(span.traceId));
  });

  it.each([
    ['X-Ray gets no segments', false, FOREIGN],
    [
      'the id begins with a time of the last hour',
      true,
      Math.floor(Date.now() / 1000).toString(16) + FOREIGN.slice(8),
    ],
  ])('keeps the id for X-Ray when %s', (_what, segments, id) => {
    const headers = { traceparent: `00-${id}-${PARENT}-01` };
    const context = createTraceIds({ segments }).propagator.extract(
      ROOT_CONTEXT,
      headers,
      defaultTextMapGetter,
    );
    const caller = trace.getSpanContext(context) as SpanContext;
    expect(xrayTraceIdOf(caller)).toBe(toXRayTraceId(id));
    expect(caller).not.toHaveProperty('traceState');
  });

  it('injects the extracted context, with the header of X-Ray beside the traceparent', () => {
    const { propagator } = createTraceIds();
    const headers = { traceparent: `00-${ID}-${PARENT}-01`, tracestate: 'a=1,b=2' };
    const carrier = {};
    const context = propagator.extract(ROOT_CONTEXT, headers, defaultTextMapGetter);
    propagator.inject(context, carrier, defaultTextMapSetter);
    expect(carrier).toEqual({
      ...headers,
      'x-amzn-trace-id': `${ROOT};Parent=${PARENT};Sampled=1`,
    });
    expect(propagator.fields()).toEqual(['traceparent', 'tracestate', 'x-amzn-trace-id']);
  });
});
