import type { ByteWriter } from './byte-writer.ts';
import type { SpanBatch } from './span-buffer.ts';
import { toKeyValues } from './span-json.ts';

/** Appends a span to those of its scope. */
export function appendJson(spans: ByteWriter, encoded: string): void {
  spans.utf8(spans.length === 0 ? encoded : `,${encoded}`);
}

/** Writes an ExportTraceServiceRequest. */
export function joinJson({ resource, spans }: SpanBatch, request: ByteWriter): void {
  const attributes = JSON.stringify(toKeyValues(resource.attributes));
  let opening = `{"resourceSpans":[{"resource":{"attributes":${attributes},"droppedAttributesCount":0},"scopeSpans":[`;
  for (const [{ name, version, schemaUrl }, ofScope] of spans) {
    const head = JSON.stringify({ schemaUrl, scope: { name, version } }).slice(0, -1);
    request.utf8(`${opening}${head},"spans":[`);
    request.raw(ofScope.written());
    opening = ']},';
  }
  request.utf8(']}]}]}');
}
