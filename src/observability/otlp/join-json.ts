import { bytesOf } from '../delivery/string-arena.ts';
import type { QueuedSpan } from './queued-span.ts';
import { toKeyValues } from './span-json.ts';

const COMMA = Buffer.from(',');

/** Builds an ExportTraceServiceRequest: spans grouped by scope. All spans of a process share one resource. */
export function joinJson(spans: readonly QueuedSpan[]): Buffer {
  const resource = { attributes: toKeyValues(spans[0]?.resource.attributes), droppedAttributesCount: 0 };
  const parts: Buffer[] = [];
  for (const [{ name, version, schemaUrl }, group] of Map.groupBy(spans, ({ scope }) => scope)) {
    const head = JSON.stringify({ schemaUrl, scope: { name, version } }).slice(0, -1);
    const opening =
      parts.length === 0 ? `{"resourceSpans":[{"resource":${JSON.stringify(resource)},"scopeSpans":[` : ']},';
    parts.push(Buffer.from(`${opening}${head},"spans":[`));
    for (const [index, { encoded }] of group.entries()) {
      if (index > 0) parts.push(COMMA);
      parts.push(bytesOf(encoded));
    }
  }
  return Buffer.concat([...parts, Buffer.from(']}]}]}')]);
}
