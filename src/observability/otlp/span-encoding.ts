import type { Attributes } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import type { Scrub } from '../../lib/scrub/scrub.ts';
import { appendJson, joinJson } from './join-json.ts';
import { appendProtobuf, joinProtobuf } from './protobuf/join-protobuf.ts';
import type { ProtobufWriter } from './protobuf/protobuf-writer.ts';
import { spanToProtobuf } from './protobuf/span-protobuf.ts';
import type { SpanBatch } from './span-buffer.ts';
import { spanToJson } from './span-json.ts';
import { annotateForXRay, annotateProtobuf } from './xray-annotations.ts';

/** One of OTLP's two encodings over HTTP. */
export interface SpanEncoding {
  readonly contentType: string;
  encode(span: ReadableSpan, scrub: Scrub): string | Uint8Array;
  /** Adds X-Ray's annotations to a span of this encoding, whose attributes are given. */
  annotate(encoded: string | Uint8Array, attributes: Attributes): string | Uint8Array;
  /** Appends a span to those of its scope. */
  append(spans: ProtobufWriter, encoded: string | Uint8Array): void;
  /** Writes an ExportTraceServiceRequest. */
  join(batch: SpanBatch, request: ProtobufWriter): void;
}

export type SpanProtocol = 'http/json' | 'http/protobuf';

const ENCODINGS: Readonly<Record<SpanProtocol, SpanEncoding>> = {
  'http/json': {
    contentType: 'application/json',
    encode: spanToJson,
    annotate: (encoded, attributes) => annotateForXRay(String(encoded), attributes),
    append: (spans, encoded) => appendJson(spans, String(encoded)),
    join: joinJson,
  },
  'http/protobuf': {
    contentType: 'application/x-protobuf',
    encode: spanToProtobuf,
    annotate: (encoded, attributes) => annotateProtobuf(encoded as Uint8Array, attributes),
    append: (spans, encoded) => appendProtobuf(spans, encoded as Uint8Array),
    join: joinProtobuf,
  },
};

/** Returns the encoding that `OTEL_EXPORTER_OTLP_PROTOCOL` names. */
export function encodingOf(protocol: SpanProtocol): SpanEncoding {
  return ENCODINGS[protocol];
}
