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

const POOL_BYTES = 4096;

/** Makes and reads the ids of traces. One instance a process: its two halves share the id that a caller named. */
export interface TraceIds {
  readonly idGenerator: IdGenerator;
  readonly propagator: TextMapPropagator;
  /** The span context of a request when nothing records spans: the caller's trace id, or a new one. */
  identify(headers: Readonly<Record<string, unknown>>): SpanContext;
}

/**
 * Trace ids start with the time (8 hex digits of Unix seconds), as X-Ray wants them, so that one id serves both
 * tracers. A load balancer sends `X-Amzn-Trace-Id: Root=…` with no parent span; OpenTelemetry has no context for
 * that, so the id is handed to the generator, which the http instrumentation calls right after `extract`.
 */
export function createTraceIds(): TraceIds {
  const w3c = new W3CTraceContextPropagator();
  const random = createRandomHex();
  let named: string | undefined;

  const idGenerator: IdGenerator = {
    generateTraceId() {
      const id = named ?? Math.floor(Date.now() / 1000).toString(16) + random(12);
      named = undefined;
      return id;
    },
    generateSpanId: () => random(8),
  };

  const propagator: TextMapPropagator = {
    fields: () => [...w3c.fields(), AMZN_HEADER],
    inject: (context, carrier, setter) => w3c.inject(context, carrier, setter),
    extract(context: Context, carrier: unknown, getter: TextMapGetter): Context {
      named = undefined;
      const extracted = w3c.extract(context, carrier, getter);
      if (trace.getSpanContext(extracted) !== undefined) return extracted;
      const caller = parseAmznTraceId(getter.get(carrier, AMZN_HEADER));
      if (caller === undefined) return extracted;
      if (caller.spanId === undefined) {
        named = caller.traceId;
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

/** Draws from a pool of random digits: one system call, and one encoding, a few hundred ids. */
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
