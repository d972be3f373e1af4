import type { Attributes } from '@opentelemetry/api';
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
  const copies: Attributes = {};
  for (const key in attributes) {
    if (ANNOTATED.test(key)) copies[key.replaceAll('.', '_')] = attributes[key];
  }
  const names = Object.keys(copies);
  if (names.length === 0) return json;
  // The first match is the span's own list: inside a string its quotes would be escaped.
  const at = json.indexOf(ATTRIBUTES) + ATTRIBUTES.length;
  const added = JSON.stringify(toKeyValues({ [ATTR_AWS_XRAY_ANNOTATIONS]: names, ...copies })).slice(1, -1);
  const comma = json[at] === ']' ? '' : ',';
  return json.slice(0, at) + added + comma + json.slice(at);
}
