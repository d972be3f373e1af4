import { type Link, SpanStatusCode } from '@opentelemetry/api';
import type { ReadableSpan, TimedEvent } from '@opentelemetry/sdk-trace';
import { ATTR_EXCEPTION_MESSAGE } from '@opentelemetry/semantic-conventions';
import type { Scrub } from '../../../lib/scrub/scrub.ts';
import { truncate } from '../../../lib/truncate.ts';
import { shortenTraceState } from '../../trace-state.ts';
import { attributesOf, eventText, toFlags } from '../span-rules.ts';
import { writeKeyValue, writeText } from './key-value.ts';
import { ProtobufWriter } from './protobuf-writer.ts';

/** The field number of a span's attributes. */
export const SPAN_ATTRIBUTES = 9;

const span = new ProtobufWriter();

/**
 * Encodes a span as OTLP's `Span` message. It runs when the span ends, so that the span itself need not be
 * kept and no batch blocks the event loop. It cuts text to 2 kB, and the stacks of exceptions to 16 kB.
 * `scrub` takes the secrets out of the texts of errors: the status, the events, and the attributes of a span
 * that failed. The bytes are valid until the next call.
 * https://github.com/open-telemetry/opentelemetry-proto/blob/main/opentelemetry/proto/trace/v1/trace.proto
 */
export function spanToProtobuf(ended: ReadableSpan, scrub: Scrub): Uint8Array {
  const { traceId, spanId, traceFlags, traceState } = ended.spanContext();
  const { parentSpanContext: parent, status } = ended;
  span.length = 0;
  span.hex(1, traceId);
  span.hex(2, spanId);
  if (traceState !== undefined) span.text(3, shortenTraceState(traceState.serialize()));
  if (parent !== undefined) span.hex(4, parent.spanId);
  span.text(5, truncate(ended.name));
  span.integer(6, ended.kind + 1);
  span.time(7, ended.startTime);
  span.time(8, ended.endTime);
  const attributes = attributesOf(ended, scrub);
  for (const key in attributes) writeKeyValue(span, SPAN_ATTRIBUTES, key, attributes[key]);
  writeCount(10, ended.droppedAttributesCount);
  for (const event of ended.events) writeEvent(event, scrub);
  writeCount(12, ended.droppedEventsCount);
  for (const link of ended.links) writeLink(link);
  writeCount(14, ended.droppedLinksCount);
  if (status.code !== SpanStatusCode.UNSET) {
    const start = span.open(15);
    if (status.message !== undefined) span.text(2, truncate(scrub(status.message)));
    span.integer(3, status.code);
    span.close(start);
  }
  span.fixed32(16, toFlags(traceFlags, parent?.isRemote));
  return span.written();
}

function writeCount(field: number, count: number): void {
  if (count > 0) span.integer(field, count);
}

function writeEvent(event: TimedEvent, scrub: Scrub): void {
  const { name, time, attributes = {}, droppedAttributesCount = 0 } = event;
  const message = String(attributes[ATTR_EXCEPTION_MESSAGE] ?? '');
  const start = span.open(11);
  span.time(1, time);
  span.text(2, name);
  for (const key in attributes) {
    const value = attributes[key];
    if (typeof value === 'string') writeText(span, 3, key, eventText(key, value, message, scrub));
    else writeKeyValue(span, 3, key, value);
  }
  writeCount(4, droppedAttributesCount);
  span.close(start);
}

function writeLink({ context, attributes = {}, droppedAttributesCount = 0 }: Link): void {
  const start = span.open(13);
  span.hex(1, context.traceId);
  span.hex(2, context.spanId);
  if (context.traceState) span.text(3, shortenTraceState(context.traceState.serialize()));
  for (const key in attributes) writeKeyValue(span, 4, key, attributes[key]);
  writeCount(5, droppedAttributesCount);
  span.fixed32(6, toFlags(context.traceFlags, context.isRemote));
  span.close(start);
}
