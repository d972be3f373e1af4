import { isOwnName, namesTrace, plainName, toNamedId } from './named-id.ts';
import { toTraceId } from './trace-id.ts';

/** How much of a text is searched, in characters. */
const MAX_TEXT = 16_384;
const MAX_NAMES = 20;

/** Colours, which stand between a name and its value. */
const COLOURS = new RegExp(`${String.fromCharCode(27)}\\[[\\d;:]*m`, 'g');
/** A query of a URL: anyone may have written a trace id there. */
const QUERY = /[?&][^\s"'<>]*/g;

const HEX = '[0-9a-f]';
const XRAY = `1-${HEX}{8}-${HEX}{24}`;
const UUID = `${HEX}{8}-${HEX}{4}-${HEX}{4}-${HEX}{4}-${HEX}{12}`;
const END = '(?![0-9a-z]|-[0-9a-f])';
/** Quotes may be escaped, as in JSON in JSON. */
const QUOTES = `["'\\\\]{0,4}`;
const VALUE = `${XRAY}|${UUID}|0x${HEX}{16,32}|${HEX}{32}|${HEX}{16}|\\d{1,20}`;
/** The end of a name, what is between, and the value. */
const NAMED = new RegExp(
  [
    `(trace(?:[\\s_.-]?id|-context|${QUOTES}\\s?:\\s?{\\s?${QUOTES}id)?)`,
    `${QUOTES}([\\s:=>]{1,5})["'\\\\[(]{0,5}`,
    `(${VALUE})${END}`,
  ].join(''),
  'gi',
);
/** The word alone is also a level of logs: a line may begin with it and the id of something else. */
const ASSIGNED = /=/;
const WHOLE = new RegExp(`^(?:${HEX}{32}|${XRAY})$`, 'i');
/** The characters of the beginning of a name. */
const LEAD = /[\w.@/$-]/;
const MAX_LEAD = 60;
/** All ids without a name have so many digits, and nearly no other lines have. */
const DIGITS = /[0-9a-f]{16}/i;
const UNNAMED = [
  // A `traceparent`.
  new RegExp(`(?<![0-9a-z-])((?!ff)${HEX}{2}-${HEX}{32}-(?!0{16})${HEX}{16}-${HEX}{2})${END}`, 'i'),
  new RegExp(`\\broot\\s?=\\s?(${XRAY})${END}`, 'i'),
  new RegExp(`\\b(projects/[^/\\s"]{1,100}/traces/${HEX}{32})${END}`, 'i'),
  // Spring Boot 3, `[traceId-spanId]`, and Spring Cloud Sleuth, `[app,traceId,spanId]`, also with `,true`.
  // What is in the brackets after a name or an operator is a list of something else.
  new RegExp(`\\[(${HEX}{32})-${HEX}{16}\\]`, 'i'),
  new RegExp(
    `(?<![\\w=,(])\\[(?:[^\\s,[\\]]{0,100},)?\\s?(${HEX}{32}|${HEX}{16}),\\s?${HEX}{16}(?:,[a-z]{0,5})?\\]`,
    'i',
  ),
];

/**
 * Returns the trace id in the first 16,384 characters of a line of text: beside a name such as `trace_id=`,
 * as a `traceparent` or an `X-Amzn-Trace-Id`, or in the brackets of Spring. Digits without a name are no
 * trace id, and neither are those in the query of a URL.
 */
export function traceIdOfText(text: string): string | undefined {
  const part = text.slice(0, MAX_TEXT).replace(COLOURS, '').replace(QUERY, ' ');
  return namedId(part) ?? (DIGITS.test(part) ? unnamedId(part) : undefined);
}

function namedId(text: string): string | undefined {
  let names = 0;
  let own: string | undefined;
  // Not `matchAll`, which copies the expression each time.
  NAMED.lastIndex = 0;
  for (let found = NAMED.exec(text); found !== null; found = NAMED.exec(text)) {
    const [, written = '', between = '', value = ''] = found;
    if (++names > MAX_NAMES) break;
    const name = plainName(leadOf(text, found.index) + written);
    if (name === 'trace' && !(ASSIGNED.test(between) && WHOLE.test(value))) continue;
    const id = namesTrace(name) ? toNamedId(value, name) : undefined;
    if (id !== undefined && !isOwnName(name)) return id;
    own ??= id;
  }
  return own;
}

/** Returns the beginning of a name whose end is at `index`. */
function leadOf(text: string, index: number): string {
  let start = index;
  while (start > 0 && index - start < MAX_LEAD && LEAD.test(text.charAt(start - 1))) start--;
  return text.slice(start, index);
}

function unnamedId(text: string): string | undefined {
  for (const pattern of UNNAMED) {
    const digits = pattern.exec(text)?.[1];
    const id = toTraceId(digits?.length === 16 ? digits.padStart(32, '0') : digits);
    if (id !== undefined) return id;
  }
  return undefined;
}
