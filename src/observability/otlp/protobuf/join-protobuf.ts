import { bytesOf } from '../../delivery/string-arena.ts';
import type { QueuedSpan } from '../queued-span.ts';
import { writeKeyValue } from './key-value.ts';
import { ProtobufWriter } from './protobuf-writer.ts';

const SPAN = 2;
/** The tag of a span and its length, at most. */
const MAX_SPAN_HEAD = 6;
/** Room for the resource and the scopes. It grows if they are larger. */
const OTHER_BYTES = 4096;

/** Builds an ExportTraceServiceRequest: spans grouped by scope. All spans of a process share one resource. */
export function joinProtobuf(spans: readonly QueuedSpan[]): Buffer {
  let size = 0;
  for (const { encoded } of spans) size += encoded.end - encoded.start + MAX_SPAN_HEAD;
  const request = new ProtobufWriter(size + OTHER_BYTES);
  const resourceSpans = request.open(1);
  const resource = request.open(1);
  const attributes = spans[0]?.resource.attributes ?? {};
  for (const key of Object.keys(attributes)) writeKeyValue(request, 1, key, attributes[key]);
  request.close(resource);
  for (const [{ name, version, schemaUrl }, group] of Map.groupBy(spans, ({ scope }) => scope)) {
    const scopeSpans = request.open(2);
    const scope = request.open(1);
    request.text(1, name);
    if (version !== undefined) request.text(2, version);
    request.close(scope);
    for (const { encoded } of group) request.binary(SPAN, bytesOf(encoded));
    if (schemaUrl !== undefined) request.text(3, schemaUrl);
    request.close(scopeSpans);
  }
  request.close(resourceSpans);
  return request.bytes.subarray(0, request.length);
}
