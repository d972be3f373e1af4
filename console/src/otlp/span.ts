import { UnreadableInput } from '../http/receiver.ts';
import { asRecord, asString, isRecord } from '../json.ts';
import { type Attributes, readAttributes } from './attributes.ts';
import { readList } from './read-list.ts';
import { msBetween, readEnum, readId, readTime, type Time, toMs } from './scalars.ts';

export type { Attributes };

export const KINDS = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer'] as const;
export const STATUSES = ['unset', 'ok', 'error'] as const;
const TRACE_ID_BYTES = 16;
const SPAN_ID_BYTES = 8;

/** An OpenTelemetry span with plain attribute values. Times are in milliseconds since the epoch. */
export interface Span {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly traceState?: string;
  readonly name: string;
  readonly kind: (typeof KINDS)[number];
  readonly startTime: number;
  /** 0 when the span has no end, or its end is before its start. */
  readonly durationMs: number;
  readonly status: { readonly code: (typeof STATUSES)[number]; readonly message?: string };
  readonly attributes: Attributes;
  readonly events: readonly SpanEvent[];
  readonly links: readonly SpanLink[];
  readonly scope: { readonly name: string; readonly version?: string };
  readonly resource: Attributes;
}

interface SpanEvent {
  readonly name: string;
  readonly time: number;
  readonly attributes: Attributes;
}

interface SpanLink {
  readonly traceId: string;
  readonly spanId: string;
  readonly attributes: Attributes;
}

/** Reads a `Span` of either encoding. Throws `UnreadableInput` when an id or a time is invalid. */
export function readSpan(value: unknown, scope: Span['scope'], resource: Attributes): Span {
  if (!isRecord(value)) throw new UnreadableInput(400, 'a span is not an object');
  const traceId = readId(value.traceId, TRACE_ID_BYTES);
  const spanId = readId(value.spanId, SPAN_ID_BYTES);
  if (!traceId) throw new UnreadableInput(400, 'a span has no valid traceId');
  if (!spanId) throw new UnreadableInput(400, 'a span has no valid spanId');
  const parentSpanId = readId(value.parentSpanId, SPAN_ID_BYTES);
  if (parentSpanId === undefined) throw new UnreadableInput(400, 'a span has no valid parentSpanId');
  const start = readTime(value.startTimeUnixNano);
  if (start.ms === 0 && start.nanos === 0) throw new UnreadableInput(400, 'a span has no startTimeUnixNano');
  const traceState = asString(value.traceState);
  return {
    traceId,
    spanId,
    ...(parentSpanId && { parentSpanId }),
    ...(traceState && { traceState }),
    name: asString(value.name) ?? '',
    kind: readEnum(value.kind, KINDS, 'SPAN_KIND_'),
    startTime: toMs(start),
    durationMs: Math.max(0, msBetween(start, readTime(value.endTimeUnixNano))),
    status: readStatus(asRecord(value.status)),
    attributes: readAttributes(value),
    events: readList(value, 'events').map((event) => readEvent(asRecord(event), start)),
    links: readList(value, 'links').map((link) => readLink(asRecord(link))),
    scope,
    resource,
  };
}

function readStatus({ code, message }: Record<string, unknown>): Span['status'] {
  const text = asString(message);
  return { code: readEnum(code, STATUSES, 'STATUS_CODE_'), ...(text && { message: text }) };
}

function readEvent(event: Record<string, unknown>, start: Time): SpanEvent {
  return {
    name: asString(event.name) ?? '',
    time: toMs(readTime(event.timeUnixNano)) || toMs(start),
    attributes: readAttributes(event),
  };
}

function readLink(link: Record<string, unknown>): SpanLink {
  return {
    traceId: readId(link.traceId, TRACE_ID_BYTES) ?? '',
    spanId: readId(link.spanId, SPAN_ID_BYTES) ?? '',
    attributes: readAttributes(link),
  };
}
