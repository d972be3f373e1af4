import { type Attributes, type HrTime, type Link, type SpanStatus, SpanStatusCode } from '@opentelemetry/api';
import type { ReadableSpan, TimedEvent } from '@opentelemetry/sdk-trace';
import { ATTR_EXCEPTION_MESSAGE } from '@opentelemetry/semantic-conventions';
import type { Scrub } from '../../lib/scrub/scrub.ts';
import { truncate } from '../../lib/truncate.ts';
import { shortenTraceState } from '../trace-state.ts';
import { eventText, toFlags } from './span-rules.ts';

/**
 * Encodes a span in OTLP's JSON, as the SDK's exporter does at several times the cost. It runs when the span
 * ends, so that the span itself need not be kept and no batch blocks the event loop. It concatenates text,
 * because building objects for JSON.stringify took twice the time. It cuts text to 2 kB, and the stacks of
 * exceptions to 16 kB. `scrub` takes the secrets out of the texts of errors: the status, the events, and the
 * attributes of a span that failed.
 * https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding
 */
export function spanToJson(span: ReadableSpan, scrub: Scrub): string {
  const { traceId, spanId, traceFlags, traceState } = span.spanContext();
  const { parentSpanContext: parent, events, links, status } = span;
  const failed = status.code === SpanStatusCode.ERROR;
  const parentId = parent === undefined ? '' : `,"parentSpanId":"${parent.spanId}"`;
  const state =
    traceState === undefined
      ? ''
      : `,"traceState":${JSON.stringify(shortenTraceState(traceState.serialize()))}`;
  return (
    `{"traceId":"${traceId}","spanId":"${spanId}"${parentId}${state}` +
    `,"name":${JSON.stringify(truncate(span.name))}` +
    `,"kind":${span.kind + 1},"startTimeUnixNano":"${toNanos(span.startTime)}"` +
    `,"endTimeUnixNano":"${toNanos(span.endTime)}","attributes":${attributesToJson(span.attributes, failed ? scrub : undefined)}` +
    `,"droppedAttributesCount":${span.droppedAttributesCount}` +
    `,"events":${events.length === 0 ? '[]' : JSON.stringify(events.map((event) => toEvent(event, scrub)))}` +
    `,"droppedEventsCount":${span.droppedEventsCount}` +
    `,"status":${status.code === SpanStatusCode.UNSET ? '{"code":0}' : JSON.stringify(toStatus(status, scrub))}` +
    `,"links":${links.length === 0 ? '[]' : JSON.stringify(links.map(toLink))}` +
    `,"droppedLinksCount":${span.droppedLinksCount},"flags":${toFlags(traceFlags, parent?.isRemote)}}`
  );
}

/** Encodes attributes as OTLP's list. */
function attributesToJson(attributes: Attributes, scrub: Scrub | undefined): string {
  let list = '';
  for (const key in attributes) {
    const value = attributes[key];
    const text =
      scrub !== undefined && typeof value === 'string'
        ? attributeToJson(key, scrub(value))
        : keptAttribute(key, value);
    list += list === '' ? text : `,${text}`;
  }
  return `[${list}]`;
}

/** The last encoded attribute of each key: most have the same value in one request after the other. */
const lastEncoded = new Map<string, { readonly value: unknown; readonly text: string }>();
const MAX_KEYS = 1_000;
const MAX_KEPT_LENGTH = 1_000;

/** Returns what `attributeToJson` returns, from `lastEncoded` if the value is the same. */
function keptAttribute(key: string, value: unknown): string {
  const last = lastEncoded.get(key);
  if (last !== undefined && last.value === value) return last.text;
  const text = attributeToJson(key, value);
  // An object may have changed by the next time.
  if (typeof value !== 'object' && text.length <= MAX_KEPT_LENGTH) {
    if (lastEncoded.size === MAX_KEYS) lastEncoded.clear();
    lastEncoded.set(key, { value, text });
  }
  return text;
}

function attributeToJson(key: string, value: unknown): string {
  return JSON.stringify({ key, value: toAnyValue(value) });
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
  if (seconds > 0 && nanoseconds >= 0 && nanoseconds < 1e9)
    return Math.trunc(seconds) + String(Math.trunc(nanoseconds)).padStart(9, '0');
  return String(BigInt(Math.trunc(seconds)) * 1_000_000_000n + BigInt(Math.trunc(nanoseconds)));
}
