import { context, ROOT_CONTEXT } from '@opentelemetry/api';
import { suppressTracing } from '@opentelemetry/core';

const SUPPRESSED = suppressTracing(ROOT_CONTEXT);

/**
 * Runs a sink's own work outside every trace. It gets no span and sends no `traceparent`, and a timer or
 * socket that it creates does not keep the context of the current request.
 */
export function withoutTracing<T>(work: () => T): T {
  return context.with(SUPPRESSED, work);
}
