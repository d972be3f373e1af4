import type { Attributes, HrTime, Link, SpanStatus } from '@opentelemetry/api';
import type { ReadableSpan, TimedEvent } from '@opentelemetry/sdk-trace';
import { ATTR_EXCEPTION_MESSAGE } from '@opentelemetry/semantic-conventions';
import type { Scrub } from '../../lib/scrub/scrub.ts';
import { truncate } from '../../lib/truncate.ts';
import { shortenTraceState } from '../trace-state.ts';
import { attributesOf, eventText, toFlags } from './span-rules.ts';

/**
 * Encodes a span in OTLP's JSON, with the rules of `spanToProtobuf`, the default, which costs less.
 * https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding
 */
export function spanToJson(span: ReadableSpan, scrub: Scrub): string {
  const { traceId, spanId, traceFlags, traceState } = span.spanContext();
  const { parentSpanContext: parent, status } = span;
  return JSON.stringify({
    traceId,
    spanId,
    parentSpanId: parent?.spanId,
    traceState: traceState && shortenTraceState(traceState.serialize()),
    name: truncate(span.name),
    kind: span.kind + 1,
    startTimeUnixNano: toNanos(span.startTime),
    endTimeUnixNano: toNanos(span.endTime),
    attributes: toKeyValues(attributesOf(span, scrub)),
    droppedAttributesCount: span.droppedAttributesCount,
    events: span.events.map((event) => toEvent(event, scrub)),
    droppedEventsCount: span.droppedEventsCount,
    status: toStatus(status, scrub),
    links: span.links.map(toLink),
    droppedLinksCount: span.droppedLinksCount,
    flags: toFlags(traceFlags, parent?.isRemote),
  });
}

function toEvent({ name, time, attributes = {}, droppedAttributesCount = 0 }: TimedEvent, scrub: Scrub) {
  const message = String(attributes[ATTR_EXCEPTION_MESSAGE] ?? '');
  const pairs = Object.entries(attributes).map(([key, value]) => {
    if (typeof value !== 'string') return { key, value: toAnyValue(value) };
    return { key, value: { stringValue: eventText(key, value, message, scrub) } };
  });
  return { name, timeUnixNano: toNanos(time), attributes: pairs, droppedAttributesCount };
}

function toStatus({ code, message }: SpanStatus, scrub: Scrub): SpanStatus {
  return message === undefined ? { code } : { code, message: truncate(scrub(message)) };
}

function toLink({ context, attributes, droppedAttributesCount = 0 }: Link) {
  const { traceId, spanId, traceFlags, traceState, isRemote } = context;
  return {
    traceId,
    spanId,
    traceState: traceState && shortenTraceState(traceState.serialize()),
    attributes: toKeyValues(attributes),
    droppedAttributesCount,
    flags: toFlags(traceFlags, isRemote),
  };
}

/** Returns attributes, of a span or a resource, in OTLP's form. */
export function toKeyValues(attributes: Attributes = {}): { key: string; value: object }[] {
  return Object.keys(attributes).map((key) => ({ key, value: toAnyValue(attributes[key]) }));
}

function toAnyValue(value: unknown): object {
  if (typeof value === 'string') return { stringValue: truncate(value) };
  if (typeof value === 'number') return toNumber(value);
  if (typeof value === 'boolean') return { boolValue: value };
  if (value === null || value === undefined) return {};
  if (Array.isArray(value)) return { arrayValue: { values: Array.from(value, toAnyValue) } };
  if (value instanceof Uint8Array) return { bytesValue: Buffer.from(value).toString('base64') };
  return { kvlistValue: { values: toKeyValues(value as Attributes) } };
}

/**
 * The SDK's exporter writes `null` and integers beyond 64 bits. For these a back end may reject the batch.
 */
function toNumber(value: number): object {
  if (Number.isSafeInteger(value)) return { intValue: value };
  return { doubleValue: Number.isFinite(value) ? value : String(value) };
}

/** 64-bit integers are decimal strings in this encoding. */
function toNanos([seconds, nanoseconds]: HrTime): string {
  return String(BigInt(Math.trunc(seconds)) * 1_000_000_000n + BigInt(Math.trunc(nanoseconds)));
}
