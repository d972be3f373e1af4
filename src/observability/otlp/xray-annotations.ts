import type { Attributes } from '@opentelemetry/api';
import { toKeyValues } from './span-json.ts';

/** X-Ray indexes the attributes that this one names, and takes the others for metadata. */
const ATTR_AWS_XRAY_ANNOTATIONS = 'aws.xray.annotations';

/** What the segments of the X-Ray SDK have as annotations. */
const ANNOTATED = /^(?:app\.|http\.route$|db\.(?!query\.text$))/;

const ATTRIBUTES = '"attributes":[';

/**
 * A span's JSON for X-Ray, with copies of the attributes that are to be annotations, under the names that the X-Ray SDK
 * gives them: `annotation.http_route` finds a trace on either way.
 */
export function annotateForXRay(json: string, attributes: Attributes): string {
  const copies: Attributes = {};
  for (const key in attributes) {
    if (ANNOTATED.test(key)) copies[key.replaceAll('.', '_')] = attributes[key];
  }
  const names = Object.keys(copies);
  if (names.length === 0) return json;
  // The first is the span's own: in a text its quotes would be escaped.
  const at = json.indexOf(ATTRIBUTES) + ATTRIBUTES.length;
  const added = JSON.stringify(toKeyValues({ [ATTR_AWS_XRAY_ANNOTATIONS]: names, ...copies })).slice(1, -1);
  const comma = json[at] === ']' ? '' : ',';
  return json.slice(0, at) + added + comma + json.slice(at);
}
