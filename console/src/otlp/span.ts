import { UnreadableInput } from '../http/receiver.ts';
import { asRecord, asString, isRecord } from '../json.ts';
import { IS_NO_TIME } from '../times.ts';
import { type Attributes, readAttributes } from './attributes.ts';
import { readList } from './read-list.ts';
import { msBetween, readEnum, readId, readTime, recognizeTime, type Time, toMs } from './scalars.ts';

export type { Attributes };

export const KINDS = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer'] as const;
export const STATUSES = ['unset', 'ok', 'error'] as const;
const TRACE_ID_BYTES = 16;
const SPAN_ID_BYTES = 8;
/** 16 or 8 bytes, also in the alphabet for URLs. */
const BASE64 = /^(?:[\w+/-]{22}(?:==)?|[\w+/-]{11}=?)$/;

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
  if (!traceId) throw noId(value, 'traceId');
  if (!spanId) throw noId(value, 'spanId');
  const parentSpanId = readId(value.parentSpanId, SPAN_ID_BYTES);
  if (parentSpanId === undefined) throw noId(value, 'parentSpanId');
  const start = readSpanTime(value, 'startTimeUnixNano');
  if (start === undefined) throw new UnreadableInput(400, 'a span has no startTimeUnixNano');
  const end = readSpanTime(value, 'endTimeUnixNano') ?? start;
  const traceState = asString(value.traceState);
  return {
    traceId,
    spanId,
    ...(parentSpanId && { parentSpanId }),
    ...(traceState && { traceState }),
    name: asString(value.name) ?? '',
    kind: readEnum(value.kind, KINDS, 'SPAN_KIND_'),
    startTime: toMs(start),
    durationMs: Math.max(0, msBetween(start, end)),
    status: readStatus(asRecord(value.status)),
    attributes: readAttributes(value),
    events: readList(value, 'events').map((event) => readEvent(asRecord(event), start)),
    links: readList(value, 'links').map((link) => readLink(asRecord(link))),
    scope,
    resource,
  };
}

/** Says what is wrong with an id, because protobuf's own JSON has base64 and may have snake case. */
function noId(span: Record<string, unknown>, field: string): UnreadableInput {
  const snake = field.replace('Id', '_id').replace('Span', '_span');
  if (typeof span[field] === 'string' && BASE64.test(span[field])) {
    return new UnreadableInput(
      400,
      `a span has a ${field} in base64: the JSON encoding of OTLP has hex digits`,
    );
  }
  const instead = span[snake] === undefined ? '' : `: the JSON encoding of OTLP has no ${snake}`;
  return new UnreadableInput(400, `a span has no valid ${field}${instead}`);
}

/** Returns undefined for a time that is absent. Throws `UnreadableInput` when it is out of bounds. */
function readSpanTime(span: Record<string, unknown>, field: string): Time | undefined {
  const time = readTime(span[field]);
  if (time.ms === 0 && time.nanos === 0) return undefined;
  const recognized = recognizeTime(time);
  if (recognized) return recognized;
  throw new UnreadableInput(400, `a span's ${field} ${toMs(time) * 1e6} ${IS_NO_TIME}`);
}

function readStatus({ code, message }: Record<string, unknown>): Span['status'] {
  const text = asString(message);
  return { code: readEnum(code, STATUSES, 'STATUS_CODE_'), ...(text && { message: text }) };
}

function readEvent(event: Record<string, unknown>, start: Time): SpanEvent {
  return {
    name: asString(event.name) ?? '',
    time: toMs(recognizeTime(readTime(event.timeUnixNano)) ?? start),
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
