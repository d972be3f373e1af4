import { context, type SpanContext, trace } from '@opentelemetry/api';
import type { RequestHandler } from 'express';
import { toXRayTraceId } from '../../observability/amzn-trace-id.ts';
import type { TraceIds } from '../../observability/tracing/trace-ids.ts';

/**
 * Names the trace on every answer, in both notations, and makes sure that there is one: where OpenTelemetry records
 * nothing, what follows runs inside a span context of the same kind, so that log lines and segments still agree.
 */
export function traceHeaders(traceIds: TraceIds): RequestHandler {
  return (request, response, next) => {
    const active = trace.getActiveSpan()?.spanContext();
    const span = active ?? traceIds.identify(request.headers);
    response.setHeader('traceresponse', toTraceResponse(span));
    response.setHeader('X-Amzn-Trace-Id', `Root=${toXRayTraceId(span.traceId)}`);
    if (active) next();
    else context.with(trace.setSpanContext(context.active(), span), next);
  };
}

/** https://w3c.github.io/trace-context/#traceresponse-header */
function toTraceResponse({ traceId, spanId, traceFlags }: SpanContext): string {
  return `00-${traceId}-${spanId}-0${traceFlags & 1}`;
}
