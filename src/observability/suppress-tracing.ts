import { context, ROOT_CONTEXT } from '@opentelemetry/api';
import { suppressTracing } from '@opentelemetry/core';

/**
 * Runs a sink's own work outside every trace: no span for it, no `traceparent` on it, and no request's
 * context captured by a timer or socket that outlives the request.
 */
export function withoutTracing<T>(work: () => T): T {
  return context.with(suppressTracing(ROOT_CONTEXT), work);
}
