import { randomBytes } from 'node:crypto';
import {
  defaultTextMapGetter,
  ROOT_CONTEXT,
  type SpanContext,
  type TextMapPropagator,
  TraceFlags,
  trace,
} from '@opentelemetry/api';
import type { IdGenerator } from '@opentelemetry/sdk-trace';
import { callerOf } from './caller.ts';
import { createOwnXRayIds } from './own-xray-ids.ts';
import { createPropagator } from './propagator.ts';
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
 * X-Ray requires, so that one id serves both tracers. `segments` says whether X-Ray gets segments, which need
 * such an id even when the caller's is another.
 */
export function createTraceIds({ segments = false }: { readonly segments?: boolean } = {}): TraceIds {
  const random = createRandomHex();
  const rootId = createRootIdSlot();

  const idGenerator: IdGenerator = {
    generateTraceId: () => rootId.take() ?? Math.floor(Date.now() / 1000).toString(16) + random(12),
    generateSpanId: () => random(8),
  };
  const propagator = createPropagator({ rootId, ownXRayIdOf: segments ? createOwnXRayIds() : undefined });

  return {
    idGenerator,
    propagator,
    identify(headers) {
      const context = propagator.extract(ROOT_CONTEXT, headers, defaultTextMapGetter);
      const traceId = trace.getSpanContext(context)?.traceId ?? idGenerator.generateTraceId();
      const state = callerOf(context, traceId)?.state;
      return {
        traceId,
        spanId: idGenerator.generateSpanId(),
        traceFlags: TraceFlags.NONE,
        ...(state && { traceState: state }),
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
