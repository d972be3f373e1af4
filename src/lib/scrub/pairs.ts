import { isHarmless, isPlaceholder, looksSecret } from './looks-secret.ts';
import { nameBefore, type PairName } from './pair-names.ts';
import {
  bracketedValue,
  matchAt,
  quotedValue,
  type Span,
  toSemicolon,
  unquotedValue,
} from './pair-values.ts';
import { REDACTED } from './redacted.ts';
import { isSecretNameInText } from './secret-names.ts';

const SEPARATOR = /[=:]|%(?:25)*3[ad]/gi;
const BLANKS = /[ \t]{0,8}/y;

const SCHEME =
  /(?:aws4-hmac-sha256|basic|bearer|digest|hawk|negotiate|ntlm|oauth|token|apikey|signature)[ \t]+/iy;

/** The value of `Authorization`: its scheme, then a token or parameters. */
const CREDENTIALS = new RegExp(
  `(?:${SCHEME.source})?(?:[\\w-]{1,40}="[^"\\n]{0,500}"|[^\\s,;"'\`<>]+)` +
    `(?:,[ \\t]{0,2}[\\w-]{1,40}=(?:"[^"\\n]{0,500}"|[^\\s,"']*))*`,
  'iy',
);

/** The value of `Cookie` or `Set-Cookie`. */
const COOKIES = /[\w!#$%&*+.^|~-]{1,100}=[^\s;"'`]*(?:;[ \t]{0,2}[\w-]{1,100}(?:=[^\s;"'`]*)?)*/y;

/** A number and nothing else, as in `file.ts:12:34`. */
const NUMBER = /\d{1,9}(?=[:)\s]|$)/y;

/** `options.token`, as in a line of code. */
const MEMBER = /[A-Za-z_$]{1,40}(?:\??\.[A-Za-z_$]{1,40})+(?![\w-])/y;

/** The part of a value that tells whether it is a secret. */
const PEEK_LENGTH = 256;

/** Names of parameters that are secret in a query only. */
const QUERY_ONLY = /^(?:code|key)$/i;

/** Room for the words of a name such as `Shared Access Key`. */
const MAX_WORDS = 20;

/** Replaces the values of secret names: in queries, forms, headers, JSON, objects and connection strings. */
export function scrubPairs(text: string): string {
  let scrubbed = '';
  let done = 0;
  SEPARATOR.lastIndex = 0;
  for (let mark = SEPARATOR.exec(text); mark !== null; mark = SEPARATOR.exec(text)) {
    const secret = secretAt(text, mark.index, mark[0]);
    if (secret === undefined || secret.end <= secret.start) continue;
    const value = text.slice(secret.start, secret.end);
    SEPARATOR.lastIndex = secret.end;
    if (isRedacted(value)) continue;
    scrubbed += text.slice(done, secret.start) + REDACTED;
    done = secret.end;
  }
  return done === 0 ? text : scrubbed + text.slice(done);
}

/** A value that was scrubbed before; the rest are brackets that belong to the text around it. */
function isRedacted(value: string): boolean {
  return value.startsWith('[redacted') && /^[)\]}.,:;]*$/.test(value.slice('[redacted'.length));
}

/** Returns where the secret lies whose separator is at `index`; undefined if there is none. */
function secretAt(text: string, index: number, separator: string): Span | undefined {
  const after = index + separator.length;
  const isArrow = separator === '=' && text[after] === '>';
  if (isOperator(text, index, after) && !isArrow) return undefined;
  const pair = nameBefore(text, index);
  if (pair === undefined || !(isSecretNameInText(pair.name) || isOfQuery(text, index, pair)))
    return undefined;
  const from = isArrow ? after + 1 : after;
  const start = from + matchAt(BLANKS, text, from).length;
  const quoted = quotedValue(text, start);
  if (quoted !== undefined) return isPlaceholder(text.slice(quoted.start, quoted.end)) ? undefined : quoted;
  if (isArrow) return undefined;
  const bracketed = text.startsWith(REDACTED, start) ? undefined : bracketedValue(text, start);
  if (bracketed !== undefined) return bracketed;
  const isColon = separator === ':';
  const isHeader = isColon || matchAt(SCHEME, text, start) !== '';
  const header = isHeader ? headerValue(text, start, pair.name) : undefined;
  if (header !== undefined) return header;
  const isEncoded = separator.startsWith('%');
  const isTight = start === from;
  if (!isColon && !pair.spaced && isTight) {
    const value = unquotedValue(text, start, isEncoded);
    return isHarmless(pair.name, text.slice(value.start, value.end))
      ? undefined
      : extended(text, value, pair);
  }
  // Most values here are prose, and are not read to their end.
  const peek = text.slice(start, start + PEEK_LENGTH);
  const { end } = unquotedValue(peek, 0, false);
  if (!looksSecret(pair, peek.slice(0, end), peek[end], isTight)) return undefined;
  return unquotedValue(text, start, false);
}

/** `==`, `!=`, `<=`, `::`, `://` and the like, and the colons of ports and of places in files. */
function isOperator(text: string, index: number, after: number): boolean {
  const next = text[after];
  if (text[index] === '=') return next === '=' || next === '>' || /[=!<>]/.test(text[index - 1] ?? '');
  if (text[index] !== ':') return false;
  const before = text[index - 1] ?? '';
  if (next === ':' || next === '/' || before === ':') return true;
  return /\w/.test(before) && matchAt(NUMBER, text, after) !== '';
}

/** OAuth's `code` and an API's `key`: only between the marks of a query. */
function isOfQuery(text: string, index: number, { name, before }: PairName): boolean {
  if (!QUERY_ONLY.test(name) || text[index] !== '=') return false;
  if (before === '?' || before === '&') return true;
  const words = text.slice(Math.max(0, index - MAX_WORDS), index - name.length);
  return before === ' ' && /(?:access|account|api|private|secret) $/i.test(words);
}

function headerValue(text: string, start: number, name: string): Span | undefined {
  if (matchAt(MEMBER, text, start) !== '') return undefined;
  const isAuthorization = /^(?:proxy-)?authorization$/i.test(name);
  if (!isAuthorization && !/^(?:set-)?cookie$/i.test(name)) return undefined;
  if (text.startsWith(REDACTED, start)) return { start, end: start + REDACTED.length };
  const { length } = matchAt(isAuthorization ? CREDENTIALS : COOKIES, text, start);
  return length === 0 ? undefined : { start, end: start + length };
}

function extended(text: string, value: Span, { before }: PairName): Span {
  return before === ';' && text[value.end] === ' ' ? toSemicolon(text, value) : value;
}
