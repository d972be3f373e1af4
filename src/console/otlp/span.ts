import { Unreadable } from '../http/receiver.ts';
import { asArray, asRecord, asString, isRecord } from '../json.ts';
import { toTraceId } from '../trace-id.ts';

const KINDS = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer'] as const;
const STATUSES = ['unset', 'ok', 'error'] as const;
const SPAN_ID = /^[0-9a-f]{16}$/i;

export type Attributes = Readonly<Record<string, unknown>>;

/** One OpenTelemetry span, its attributes as plain values; times are milliseconds since the epoch. */
export interface Span {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly traceState?: string;
  readonly name: string;
  readonly kind: (typeof KINDS)[number];
  readonly startTime: number;
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

/** Reads a `Span` of OTLP's JSON mapping; throws `Unreadable` when an id or a time is not one. */
export function readSpan(value: unknown, scope: Span['scope'], resource: Attributes): Span {
  if (!isRecord(value)) throw new Unreadable(400, 'a span is not an object');
  const traceId = toTraceId(value.traceId);
  const spanId = asString(value.spanId);
  if (!traceId) throw new Unreadable(400, 'a span has no valid traceId');
  if (!spanId || !SPAN_ID.test(spanId)) throw new Unreadable(400, 'a span has no valid spanId');
  const parentSpanId = asString(value.parentSpanId)?.toLowerCase();
  const traceState = asString(value.traceState);
  const start = nanoseconds(value.startTimeUnixNano);
  const status = asRecord(value.status);
  const message = asString(status.message);
  return {
    traceId,
    spanId: spanId.toLowerCase(),
    ...(parentSpanId && { parentSpanId }),
    ...(traceState && { traceState }),
    name: asString(value.name) ?? '',
    kind: KINDS[Number(value.kind ?? 0)] ?? 'unspecified',
    startTime: Number(start) / 1e6,
    durationMs: Number(nanoseconds(value.endTimeUnixNano) - start) / 1e6,
    status: { code: STATUSES[Number(status.code ?? 0)] ?? 'unset', ...(message && { message }) },
    attributes: readAttributes(value.attributes),
    events: asArray(value.events).map(readEvent),
    links: asArray(value.links).map(readLink),
    scope,
    resource,
  };
}

/** Reads OTLP's list of `KeyValue` as a record of plain values. */
export function readAttributes(list: unknown): Attributes {
  return Object.fromEntries(
    asArray(list).map((pair) => {
      const { key, value } = asRecord(pair);
      return [asString(key) ?? '', readValue(value)];
    }),
  );
}

function readValue(value: unknown): unknown {
  const any = asRecord(value);
  if (any.stringValue !== undefined) return any.stringValue;
  if (any.boolValue !== undefined) return any.boolValue;
  if (any.intValue !== undefined) return readInteger(any.intValue);
  if (any.doubleValue !== undefined) return any.doubleValue;
  if (any.bytesValue !== undefined) return any.bytesValue;
  if (any.arrayValue !== undefined) {
    return asArray(asRecord(any.arrayValue).values).map(readValue);
  }
  if (any.kvlistValue !== undefined) return readAttributes(asRecord(any.kvlistValue).values);
  return null;
}

/** 64-bit integers come as strings; those beyond a double's exact range stay strings. */
function readInteger(value: unknown): unknown {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

function readEvent(value: unknown): SpanEvent {
  const event = asRecord(value);
  return {
    name: asString(event.name) ?? '',
    time: Number(nanoseconds(event.timeUnixNano)) / 1e6,
    attributes: readAttributes(event.attributes),
  };
}

function readLink(value: unknown): SpanLink {
  const link = asRecord(value);
  return {
    traceId: toTraceId(link.traceId) ?? '',
    spanId: asString(link.spanId)?.toLowerCase() ?? '',
    attributes: readAttributes(link.attributes),
  };
}

function nanoseconds(value: unknown): bigint {
  if (typeof value === 'string' && /^\d{1,20}$/.test(value)) return BigInt(value);
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return BigInt(value);
  if (typeof value === 'number' && value >= 0 && value < 2 ** 64) return BigInt(Math.trunc(value));
  throw new Unreadable(400, 'a time is not a number of nanoseconds');
}
