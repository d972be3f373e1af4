import type { SpanBatch } from '../span-buffer.ts';
import { writeKeyValue } from './key-value.ts';
import type { ProtobufWriter } from './protobuf-writer.ts';

const SPANS = 2;

/** Appends a span to those of its scope. */
export function appendProtobuf(spans: ProtobufWriter, encoded: Uint8Array): void {
  spans.binary(SPANS, encoded);
}

/** Writes an ExportTraceServiceRequest. */
export function joinProtobuf({ resource, spans }: SpanBatch, request: ProtobufWriter): void {
  const resourceSpans = request.open(1);
  const own = request.open(1);
  const { attributes } = resource;
  for (const key of Object.keys(attributes)) writeKeyValue(request, 1, key, attributes[key]);
  request.close(own);
  for (const [{ name, version, schemaUrl }, ofScope] of spans) {
    const scopeSpans = request.open(2);
    const scope = request.open(1);
    request.text(1, name);
    if (version !== undefined) request.text(2, version);
    request.close(scope);
    request.raw(ofScope.written());
    if (schemaUrl !== undefined) request.text(3, schemaUrl);
    request.close(scopeSpans);
  }
  request.close(resourceSpans);
}
