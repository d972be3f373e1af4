import { type Attributes, context, type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { ATTR_ERROR_TYPE } from '@opentelemetry/semantic-conventions';
import type { Subsegment } from 'aws-xray-sdk-core';
import { describeError } from '../lib/describe-error.ts';
import { isFault } from '../lib/errors.ts';
import { ATTR_APP_NOW, ATTR_APP_PAGE_LIMIT, ATTR_APP_RESULT_LENGTH } from './attributes.ts';
import { toTimestamp } from './timestamp.ts';
import { annotateSegment, currentSegment, withSegment } from './xray/segment-context.ts';

/** What a traced piece of work may say of itself, to span and subsegment alike. */
export interface TracedSpan {
  /** Attributes of the span; annotations of the subsegment, with underscores for dots. */
  setAttributes(attributes: Attributes): void;
  /** Metadata of the subsegment, in namespace `cruddur`: not searchable, any JSON. */
  setMetadata(key: string, value: unknown): void;
}

export interface TraceOptions {
  readonly tracer: string;
  readonly name: string;
  readonly kind: SpanKind;
  /** Asked for only when something records. */
  attributes(): Attributes;
  /** What of the attributes X-Ray indexes; all of them unless given. */
  readonly annotations?: Attributes;
  /** Called with the new subsegment, for what only X-Ray knows: namespace, SQL data. */
  prepare?(subsegment: Subsegment): void;
}

const SILENT: TracedSpan = { setAttributes: () => {}, setMetadata: () => {} };

const tracerNameOf = memoize((useCase) => useCase.replaceAll('-', '.'));
const tracerOf = memoize((name) => trace.getTracer(name));

/** For names, of which the code has a fixed number. */
function memoize<T>(make: (name: string) => T): (name: string) => T {
  const made = new Map<string, T>();
  return (name) => {
    const value = made.get(name) ?? make(name);
    made.set(name, value);
    return value;
  };
}

/**
 * Runs a use case inside one OpenTelemetry span and one X-Ray subsegment of the same name, which open and close
 * together. Both say when, as `app.now`. Nested and parallel calls find their parents. A fault marks both; any error
 * is thrown on.
 */
export function traced<T>(
  name: string,
  attributes: Attributes,
  work: (scope: TracedSpan) => Promise<T>,
): Promise<T> {
  const withNow = () => ({ [ATTR_APP_NOW]: toTimestamp(Date.now()), ...attributes });
  return runTraced({ tracer: tracerNameOf(name), name, kind: SpanKind.INTERNAL, attributes: withNow }, work);
}

/** One page of a list: `next` is where the next page starts, undefined on the last. */
interface Page {
  readonly rows: readonly unknown[];
  readonly next: unknown;
}

/** Runs the use case of a list in `traced`. Both systems get the limit and the number of rows, X-Ray the cursors too. */
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

/** `traced` with every choice left to the caller. */
export async function runTraced<T>(
  options: TraceOptions,
  work: (scope: TracedSpan) => Promise<T>,
): Promise<T> {
  const parent = context.active();
  const parentSegment = currentSegment(parent);
  if (parentSegment === undefined && trace.getSpan(parent)?.isRecording() !== true) return work(SILENT);

  const { tracer, name, kind } = options;
  const attributes = options.attributes();
  const span = tracerOf(tracer).startSpan(name, { kind, attributes }, parent);
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
    if (isFault(error)) markFault(span, subsegment, error);
    throw error;
  } finally {
    span.end();
    subsegment?.close();
  }
}

function tracedSpanOf(span: Span, subsegment: Subsegment | undefined): TracedSpan {
  return {
    setAttributes: (attributes) => {
      span.setAttributes(attributes);
      if (subsegment !== undefined) annotateSegment(subsegment, attributes);
    },
    setMetadata: (key, value) => subsegment?.addMetadata(key, value, 'cruddur'),
  };
}

function markFault(span: Span, subsegment: Subsegment | undefined, error: unknown): void {
  const failure = error instanceof Error ? error : new Error(describeError(error));
  span.setStatus({ code: SpanStatusCode.ERROR, message: failure.message });
  span.setAttribute(ATTR_ERROR_TYPE, failure.name);
  subsegment?.addError(failure);
}
