import type { Segment } from 'aws-xray-sdk-core';

/** X-Ray accepts trace ids whose time is at most 30 days ago. The upper limit allows for clock skew. */
const OLDEST_SECONDS = 30 * 24 * 3600;
const NEWEST_SECONDS = 300;

/**
 * Annotates a trace id that does not begin with a recent time, as a caller's `traceparent` may have it. X-Ray
 * may show such a trace at the wrong time or not at all, but finds it by the annotation.
 */
export function annotateForeignId(segment: Segment): void {
  const [, time = '', unique = ''] = segment.trace_id.split('-');
  const age = Date.now() / 1000 - Number.parseInt(time, 16);
  if (age > OLDEST_SECONDS || age < -NEWEST_SECONDS) segment.addAnnotation('otel_trace_id', time + unique);
}
