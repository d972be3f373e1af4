import { isOwnName, namesTrace, plainName, toNamedId } from './named-id.ts';
import { toTraceId } from './trace-id.ts';

/** How much of a text is searched, in characters. */
const MAX_TEXT = 16_384;
const MAX_NAMES = 20;

/** A query of a URL: anyone may have written a trace id there. */
const QUERY = /[?&][^\s"'<>]*/g;

const HEX = '[0-9a-f]';
const XRAY = `1-${HEX}{8}-${HEX}{24}`;
const UUID = `${HEX}{8}-${HEX}{4}-${HEX}{4}-${HEX}{4}-${HEX}{12}`;
const END = '(?![0-9a-z]|-[0-9a-f])';
/** A name with `trace` or `trace id` at its end, and its value. Quotes may be escaped, as in JSON in JSON. */
const NAMED = new RegExp(
  `([\\w.@/$-]{0,60}?trace(?:[\\s_.-]?id)?)["'\\\\]{0,4}[\\s:=>]{1,5}["'\\\\[(]{0,5}(${XRAY}|${UUID}|${HEX}{32}|${HEX}{16}|\\d{1,20})${END}`,
  'gi',
);
const UNNAMED = [
  // A `traceparent`.
  new RegExp(`(?<![0-9a-z-])((?!ff)${HEX}{2}-${HEX}{32}-(?!0{16})${HEX}{16}-${HEX}{2})${END}`, 'i'),
  new RegExp(`\\broot\\s?=\\s?(${XRAY})${END}`, 'i'),
  new RegExp(`\\b(projects/[^/\\s"]{1,100}/traces/${HEX}{32})${END}`, 'i'),
  // Spring Boot 3, `[traceId-spanId]`, and Spring Cloud Sleuth, `[app,traceId,spanId]` with or without `,true`.
  new RegExp(`\\[(${HEX}{32})-${HEX}{16}\\]`, 'i'),
  new RegExp(`\\[(?:[^\\s,[\\]]{0,100},)?\\s?(${HEX}{32}|${HEX}{16}),\\s?${HEX}{16}(?:,[a-z]{0,5})?\\]`, 'i'),
];

/**
 * Returns the trace id in the first 16,384 characters of a line of text: beside a name such as `trace_id=`,
 * as a `traceparent` or an `X-Amzn-Trace-Id`, or in the brackets of Spring. Digits without a name are no
 * trace id, and neither are those in the query of a URL.
 */
export function traceIdOfText(text: string): string | undefined {
  const part = text.slice(0, MAX_TEXT).replace(QUERY, ' ');
  return namedId(part) ?? unnamedId(part);
}

function namedId(text: string): string | undefined {
  let names = 0;
  let own: string | undefined;
  for (const [, written = '', value] of text.matchAll(NAMED)) {
    if (++names > MAX_NAMES) break;
    const name = plainName(written);
    const id = namesTrace(name) ? toNamedId(value, name) : undefined;
    if (id !== undefined && !isOwnName(name)) return id;
    own ??= id;
  }
  return own;
}

function unnamedId(text: string): string | undefined {
  for (const pattern of UNNAMED) {
    const digits = pattern.exec(text)?.[1];
    const id = toTraceId(digits?.length === 16 ? digits.padStart(32, '0') : digits);
    if (id !== undefined) return id;
  }
  return undefined;
}
