import type { Attributes } from '@opentelemetry/api';
import { writeKeyValue } from './protobuf/key-value.ts';
import { ProtobufWriter } from './protobuf/protobuf-writer.ts';
import { SPAN_ATTRIBUTES } from './protobuf/span-protobuf.ts';
import { toKeyValues } from './span-json.ts';

/** X-Ray indexes the attributes that this one lists, and stores the others as metadata. */
const ATTR_AWS_XRAY_ANNOTATIONS = 'aws.xray.annotations';

/** The attributes that are annotations in the X-Ray SDK's segments. */
const ANNOTATED = /^(?:app\.|http\.route$|db\.(?!query\.text$))/;

const ATTRIBUTES = '"attributes":[';

/**
 * Adds to a span's JSON copies of the attributes that X-Ray indexes, under the names that the X-Ray SDK gives
 * them. `annotation.http_route` then finds a trace from either source.
 */
export function annotateForXRay(json: string, attributes: Attributes): string {
  const added = annotationsOf(attributes);
  if (added === undefined) return json;
  // The first match is the span's own list: inside a string its quotes would be escaped.
  const at = json.indexOf(ATTRIBUTES) + ATTRIBUTES.length;
  const text = JSON.stringify(toKeyValues(added)).slice(1, -1);
  const comma = json[at] === ']' ? '' : ',';
  return json.slice(0, at) + text + comma + json.slice(at);
}

const annotated = new ProtobufWriter();

/**
 * Does the same to a span in protobuf, where the members of a list may stand apart. The bytes are valid until
 * the next call.
 */
export function annotateProtobuf(span: Uint8Array, attributes: Attributes): Uint8Array {
  const added = annotationsOf(attributes);
  if (added === undefined) return span;
  annotated.length = 0;
  annotated.raw(span);
  for (const key in added) writeKeyValue(annotated, SPAN_ATTRIBUTES, key, added[key]);
  return annotated.written();
}

/** Returns the attributes to add; undefined for none. */
function annotationsOf(attributes: Attributes): Attributes | undefined {
  const copies: Attributes = {};
  for (const key in attributes) {
    if (ANNOTATED.test(key)) copies[key.replaceAll('.', '_')] = attributes[key];
  }
  const names = Object.keys(copies);
  return names.length === 0 ? undefined : { [ATTR_AWS_XRAY_ANNOTATIONS]: names, ...copies };
}
