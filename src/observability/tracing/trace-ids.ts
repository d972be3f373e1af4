import { randomBytes } from 'node:crypto';
import {
  type Context,
  defaultTextMapGetter,
  ROOT_CONTEXT,
  type SpanContext,
  type TextMapGetter,
  type TextMapPropagator,
  TraceFlags,
  trace,
} from '@opentelemetry/api';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import type { IdGenerator } from '@opentelemetry/sdk-trace';
import { AMZN_HEADER, parseAmznTraceId } from '../amzn-trace-id.ts';
import { withLightRoot } from './request-context.ts';
import { createRootIdSlot } from './root-id-slot.ts';

const POOL_BYTES = 4096;

/** Generates and reads trace ids. One instance per process, because generator and propagator share a slot. */
export interface TraceIds {
  readonly idGenerator: IdGenerator;
  readonly propagator: TextMapPropagator;
  /**
   * Returns the span context of a request when nothing records spans: the caller's trace id, or a new one.
   */
  identify(headers: Readonly<Record<string, unknown>>): SpanContext;
}

/**
 * Creates the generator and the propagator. Trace ids start with the time (8 hex digits of Unix seconds), as
 * X-Ray requires, so that one id serves both tracers.
 */
export function createTraceIds(): TraceIds {
  const w3c = new W3CTraceContextPropagator();
  const random = createRandomHex();
  const rootId = createRootIdSlot();

  const idGenerator: IdGenerator = {
    generateTraceId: () => rootId.take() ?? Math.floor(Date.now() / 1000).toString(16) + random(12),
    generateSpanId: () => random(8),
  };

  const propagator: TextMapPropagator = {
    fields: () => [...w3c.fields(), AMZN_HEADER],
    inject: (context, carrier, setter) => w3c.inject(context, carrier, setter),
    extract(context: Context, carrier: unknown, getter: TextMapGetter): Context {
      rootId.offer(undefined);
      const extracted = w3c.extract(withLightRoot(context), carrier, getter);
      if (trace.getSpanContext(extracted) !== undefined) return extracted;
      const caller = parseAmznTraceId(getter.get(carrier, AMZN_HEADER));
      if (caller === undefined) return extracted;
      if (caller.spanId === undefined) {
        rootId.offer(caller.traceId);
        return extracted;
      }
      const { traceId, spanId, sampled } = caller;
      const traceFlags = sampled === false ? TraceFlags.NONE : TraceFlags.SAMPLED;
      return trace.setSpanContext(extracted, { traceId, spanId, traceFlags, isRemote: true });
    },
  };

  return {
    idGenerator,
    propagator,
    identify(headers) {
      const caller = trace.getSpanContext(propagator.extract(ROOT_CONTEXT, headers, defaultTextMapGetter));
      return {
        traceId: caller?.traceId ?? idGenerator.generateTraceId(),
        spanId: idGenerator.generateSpanId(),
        traceFlags: TraceFlags.NONE,
      };
    },
  };
}

/** Returns a function that takes random hex digits from a pool: one system call per few hundred ids. */
export function createRandomHex(): (bytes: number) => string {
  let pool = '';
  let used = 0;
  return (bytes) => {
    const digits = 2 * bytes;
    if (used + digits > pool.length) {
      pool = randomBytes(POOL_BYTES).toString('hex');
      used = 0;
    }
    used += digits;
    return pool.slice(used - digits, used);
  };
}
