import { type Attributes, ROOT_CONTEXT, SpanStatusCode, trace } from '@opentelemetry/api';
import { ATTR_ERROR_TYPE } from '@opentelemetry/semantic-conventions';
import { toError } from '../lib/to-error.ts';
import { ATTR_APP_NOW } from './attributes.ts';
import { toTimestamp } from './timestamp.ts';

interface FinishedWork {
  /** Unix time in milliseconds. */
  readonly startedAt: number;
  readonly attributes: Attributes;
  /** Marks the span as failed. */
  readonly error?: unknown;
}

/** Records work that no request started, and that ends now, as the only span of a trace of its own. */
export function recordRootSpan(name: string, { startedAt, attributes, error }: FinishedWork): void {
  const tracer = trace.getTracer(name.replaceAll('-', '.'));
  const span = tracer.startSpan(
    name,
    {
      root: true,
      startTime: startedAt,
      attributes: { [ATTR_APP_NOW]: toTimestamp(startedAt), ...attributes },
    },
    ROOT_CONTEXT,
  );
  if (error !== undefined) {
    const { name, message } = toError(error);
    span.setStatus({ code: SpanStatusCode.ERROR, message });
    span.setAttribute(ATTR_ERROR_TYPE, name);
  }
  span.end();
}
