import { type Attributes, context, type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { ATTR_ERROR_TYPE } from '@opentelemetry/semantic-conventions';
import type { Subsegment } from 'aws-xray-sdk-core';
import { isFault } from '../lib/errors.ts';
import { memoize } from '../lib/memoize.ts';
import { toError } from '../lib/to-error.ts';
import { ATTR_APP_NOW, ATTR_APP_PAGE_LIMIT, ATTR_APP_RESULT_LENGTH } from './attributes.ts';
import { annotateSegment, currentSegment, withSegment } from './segment-context.ts';
import { setAttributes } from './span-attributes.ts';
import { toTimestamp } from './timestamp.ts';

/** Adds data to the span and the subsegment of traced work. */
export interface TracedSpan {
  /** Sets attributes of the span, and annotations of the subsegment with underscores instead of dots. */
  setAttributes(attributes: Attributes): void;
  /** Sets metadata of the subsegment, in namespace `cruddur`: any JSON, not searchable. */
  setMetadata(key: string, value: unknown): void;
}

export interface TraceOptions {
  readonly tracer: string;
  readonly name: string;
  readonly kind: SpanKind;
  /** Called only when a span or a subsegment records. */
  attributes(): Attributes;
  /** The attributes that X-Ray indexes; all of them by default. */
  readonly annotations?: Attributes;
  /** Sets data of the new subsegment that only X-Ray has: namespace, SQL. */
  prepare?(subsegment: Subsegment): void;
}

const SILENT: TracedSpan = { setAttributes: () => {}, setMetadata: () => {} };

const tracerNameOf = memoize((useCase) => useCase.replaceAll('-', '.'));
const tracerOf = memoize((name) => trace.getTracer(name));

/**
 * Runs a use case inside one OpenTelemetry span and one X-Ray subsegment of the same name. Both record the
 * start time as `app.now`. Nested and parallel calls find their parents. A fault marks both. Rethrows any
 * error.
 */
export function traced<T>(
  name: string,
  attributes: Attributes,
  work: (span: TracedSpan) => Promise<T>,
): Promise<T> {
  const withNow = () => ({ [ATTR_APP_NOW]: toTimestamp(Date.now()), ...attributes });
  return runTraced({ tracer: tracerNameOf(name), name, kind: SpanKind.INTERNAL, attributes: withNow }, work);
}

/** One page of a list: `next` is where the next page starts, undefined on the last. */
interface Page {
  readonly rows: readonly unknown[];
  readonly next: unknown;
}

/**
 * Runs a list use case in `traced`. Both systems record the limit and the number of rows, X-Ray also the
 * cursors.
 */
export function tracedPage<Result extends Page>(
  name: string,
  page: { readonly limit: number; readonly before?: unknown },
  attributes: Attributes,
  work: (span: TracedSpan) => Promise<Result>,
): Promise<Result> {
  return traced(name, { [ATTR_APP_PAGE_LIMIT]: page.limit, ...attributes }, async (span) => {
    const result = await work(span);
    span.setAttributes({ [ATTR_APP_RESULT_LENGTH]: result.rows.length });
    span.setMetadata('page', { before: page.before, next: result.next });
    return result;
  });
}

/** Does the work of `traced`, with all options. */
export async function runTraced<T>(
  options: TraceOptions,
  work: (span: TracedSpan) => Promise<T>,
): Promise<T> {
  const parent = context.active();
  const parentSegment = currentSegment(parent);
  if (parentSegment === undefined && trace.getSpan(parent)?.isRecording() !== true) return work(SILENT);

  const { tracer, name, kind } = options;
  const attributes = options.attributes();
  const span = tracerOf(tracer).startSpan(name, { kind }, parent);
  setAttributes(span, attributes);
  let active = trace.setSpan(parent, span);
  const subsegment = parentSegment?.addNewSubsegment(name);
  if (subsegment !== undefined) {
    annotateSegment(subsegment, options.annotations ?? attributes);
    options.prepare?.(subsegment);
    active = withSegment(active, subsegment);
  }
  try {
    return await context.with(active, work, undefined, tracedSpanOf(span, subsegment));
  } catch (error) {
    markFault(span, subsegment, toError(error));
    throw error;
  } finally {
    span.end();
    subsegment?.close();
  }
}

function tracedSpanOf(span: Span, subsegment: Subsegment | undefined): TracedSpan {
  return {
    setAttributes: (attributes) => {
      setAttributes(span, attributes);
      if (subsegment !== undefined) annotateSegment(subsegment, attributes);
    },
    setMetadata: (key, value) => subsegment?.addMetadata(key, value, 'cruddur'),
  };
}

function markFault(span: Span, subsegment: Subsegment | undefined, failure: Error): void {
  if (!isFault(failure)) return;
  span.setStatus({ code: SpanStatusCode.ERROR, message: failure.message });
  span.setAttribute(ATTR_ERROR_TYPE, failure.name);
  subsegment?.addError(failure);
}
