import { defaultTextMapGetter, defaultTextMapSetter, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createRootIdSlot } from '../../../src/observability/tracing/root-id-slot.ts';
import { createTraceIds } from '../../../src/observability/tracing/trace-ids.ts';

const ID = '6745ab12c0ffee00c0ffee00c0ffee01';
const ROOT = 'Root=1-6745ab12-c0ffee00c0ffee00c0ffee01';
const PARENT = 'c0ffee00c0ffee02';

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

  it('extracts a valid span context or none from any headers, and never throws', () => {
    const { propagator, identify, idGenerator } = createTraceIds();
    const headers = fc.record({ traceparent: header, tracestate: header, 'x-amzn-trace-id': header });
    fc.assert(
      fc.property(headers, (carrier) => {
        const context = propagator.extract(ROOT_CONTEXT, carrier, defaultTextMapGetter);
        const caller = trace.getSpanContext(context);
        if (caller !== undefined) expect(caller).toSatisfy(trace.isSpanContextValid);
        const traceId = idGenerator.generateTraceId();
        expect(traceId).toMatch(/^(?!0{32})[0-9a-f]{32}$/);

        const own = identify(carrier);
        expect(own).toSatisfy(trace.isSpanContextValid);
        expect(own.spanId).not.toBe(caller?.spanId);
        if (caller !== undefined) expect(own.traceId).toBe(caller.traceId);
        expect(idGenerator.generateTraceId()).not.toBe(own.traceId);
      }),
      { numRuns: 500 },
    );
  });

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
