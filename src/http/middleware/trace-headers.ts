import { context, type SpanContext, trace } from '@opentelemetry/api';
import type { RequestHandler } from 'express';
import { xrayTraceIdOf } from '../../observability/amzn-trace-id.ts';
import type { TraceIds } from '../../observability/tracing/trace-ids.ts';

/**
 * Returns middleware that sets the trace headers, in W3C's and in X-Ray's format. If tracing is off, it also
 * creates a trace id and makes it current, so that log lines and segments still share one.
 */
export function traceHeaders(traceIds: TraceIds): RequestHandler {
  return (request, response, next) => {
    const active = trace.getActiveSpan()?.spanContext();
    const span = active ?? traceIds.identify(request.headers);
    const { traceresponse, 'X-Amzn-Trace-Id': amznTraceId } = traceHeadersOf(span);
    response.setHeader('traceresponse', traceresponse);
    response.setHeader('X-Amzn-Trace-Id', amznTraceId);
    if (active) next();
    else context.with(trace.setSpanContext(context.active(), span), next);
  };
}

/** Returns the trace headers of a response. */
export function traceHeadersOf(span: SpanContext) {
  return {
    traceresponse: toTraceResponse(span),
    'X-Amzn-Trace-Id': `Root=${xrayTraceIdOf(span)}`,
  };
}

/** https://w3c.github.io/trace-context/#traceresponse-header */
function toTraceResponse({ traceId, spanId, traceFlags }: SpanContext): string {
  return `00-${traceId}-${spanId}-0${traceFlags & 1}`;
}
