import {
  type Context,
  isSpanContextValid,
  type SpanContext,
  type TextMapGetter,
  type TextMapPropagator,
  type TextMapSetter,
  TraceFlags,
  trace,
} from '@opentelemetry/api';
import { isTracingSuppressed, parseTraceParent } from '@opentelemetry/core';
import { AMZN_HEADER, formatAmznTraceId, parseAmznTraceId } from '../amzn-trace-id.ts';
import { currentSegment } from '../segment-context.ts';
import { CallerState, parseTraceState } from '../trace-state.ts';
import { withCaller } from './caller.ts';
import type { OwnXRayIdOf } from './own-xray-ids.ts';
import { withLightRoot } from './request-context.ts';
import type { RootIdSlot } from './root-id-slot.ts';

const TRACEPARENT = 'traceparent';
const TRACESTATE = 'tracestate';
const FORWARDED_FOR = 'x-forwarded-for';

export interface PropagatorOptions {
  readonly rootId: RootIdSlot;
  /** Absent when X-Ray gets no segments: no trace needs an id of our own. */
  readonly ownXRayIdOf: OwnXRayIdOf | undefined;
}

/** The trace that a request's headers name. */
interface NamedTrace {
  readonly traceId: string;
  readonly spanId: string | undefined;
  readonly sampled: boolean | undefined;
  readonly members: string[] | undefined;
}

/**
 * Creates the propagator of W3C's Trace Context and X-Ray's header, read and written side by side. The SDK's
 * own passes on the valid members of a `tracestate` that has to be discarded, and loses some valid ones.
 */
export function createPropagator({ rootId, ownXRayIdOf }: PropagatorOptions): TextMapPropagator {
  return {
    fields: () => [TRACEPARENT, TRACESTATE, AMZN_HEADER],
    inject,
    extract(context: Context, carrier: unknown, getter: TextMapGetter): Context {
      rootId.offer(undefined);
      const root = withLightRoot(context);
      const named = readTrace(carrier, getter);
      if (named === undefined) return root;
      const { traceId, spanId, sampled, members } = named;
      const xrayTraceId = ownXRayIdOf?.(traceId);
      const own = xrayTraceId === undefined ? undefined : { xrayTraceId, callerSpanId: spanId };
      const state = own || members ? new CallerState(members ?? [], own) : undefined;
      const forwardedFor = getter.get(carrier, FORWARDED_FOR);
      const called = withCaller(root, { traceId, sampled, forwardedFor, state });
      if (spanId === undefined) {
        rootId.offer(traceId);
        return called;
      }
      return trace.setSpanContext(called, {
        traceId,
        spanId,
        traceFlags: sampled === false ? TraceFlags.NONE : TraceFlags.SAMPLED,
        isRemote: true,
        ...(state && { traceState: state }),
      });
    },
  };
}

/** Reads `traceparent`, or else X-Ray's header. Node joins repeated headers, which makes these invalid. */
function readTrace(carrier: unknown, getter: TextMapGetter): NamedTrace | undefined {
  const traceparent = getter.get(carrier, TRACEPARENT);
  if (typeof traceparent === 'string') {
    const parsed = parseTraceParent(traceparent);
    if (parsed !== null) {
      const { traceId, spanId, traceFlags } = parsed;
      const sampled = (traceFlags & TraceFlags.SAMPLED) !== 0;
      return { traceId, spanId, sampled, members: parseTraceState(getter.get(carrier, TRACESTATE)) };
    }
  }
  const parsed = parseAmznTraceId(getter.get(carrier, AMZN_HEADER));
  return parsed && { ...parsed, members: undefined };
}

function inject(context: Context, carrier: unknown, setter: TextMapSetter): void {
  const span = trace.getSpanContext(context);
  if (span === undefined || isTracingSuppressed(context) || !isSpanContextValid(span)) return;
  setter.set(carrier, TRACEPARENT, `00-${span.traceId}-${span.spanId}-0${span.traceFlags & 1}`);
  const state = span.traceState?.serialize();
  if (state) setter.set(carrier, TRACESTATE, state);
  setter.set(carrier, AMZN_HEADER, amznHeaderOf(context, span));
}

/** Names the current segment as the parent, or the span when X-Ray has no segment of this request. */
function amznHeaderOf(context: Context, span: SpanContext): string {
  const segment = currentSegment(context);
  if (segment !== undefined) return formatAmznTraceId(span, segment.id, true);
  return formatAmznTraceId(span, span.spanId, (span.traceFlags & TraceFlags.SAMPLED) !== 0);
}
