import type { SpanContext } from '@opentelemetry/api';
import type { Segment } from 'aws-xray-sdk-core';
import { ownXRayIdOf, toXRayTraceId } from '../../amzn-trace-id.ts';

/** A link as OpenTelemetry's exporter to X-Ray writes it. The SDK has none. */
interface SegmentLink {
  readonly trace_id: string;
  readonly id: string | undefined;
}

/**
 * Annotates and links the caller's trace id on a segment that has one of our own, because the caller's does
 * not begin with a recent time. X-Ray then finds the segment by both.
 */
export function linkForeignId(
  segment: Segment & { links?: readonly SegmentLink[] },
  span: SpanContext,
): void {
  const own = ownXRayIdOf(span.traceState);
  if (own === undefined) return;
  segment.addAnnotation('otel_trace_id', span.traceId);
  segment.links = [{ trace_id: toXRayTraceId(span.traceId), id: own.callerSpanId }];
}
