import { endsQuoted } from './quotes.ts';

/** Maximum distance of a closing quote or bracket: the time to look for each is bounded. */
const MAX_LENGTH = 1_024;
const MAX_INNER_QUOTES = 8;

/** A part of a text: `end` is after its last character. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/**
 * Unquoted text: up to a space, `&`, an angle bracket, a quote that ends a text, or a `;` or `,` that a space
 * or another pair follows.
 */
const UNQUOTED =
  /(?:[^\s&;,"'`<>\\]|\\[ \t]|\\(?![\s"'`nrt])|[;,](?!\s|$|["'`]|[\w.-]{1,40}[=:]|[A-Z]\w{0,20}(?: [A-Z]\w{0,20}){1,3}=)|["'`](?![\s,;:.)\]}>&|?!\\"'`=]|$))+/y;

/** The same in percent-encoding, where `%26` separates. */
const ENCODED = /(?:[^\s&;,"'`<>\\%]|%(?!(?:25)*26))+/y;

/** The marks that end a sentence or close a bracket. */
const CLOSERS = /[)\]}.,:;]*$/;

/** Before a quote in JSON that is a text in JSON. */
const BACKSLASHES = /\\{0,31}/y;

/** Up to the `;` that ends the value in a connection string. */
const TO_SEMICOLON = /[^;\n"'=]{0,100}(?=;)/y;

/** Returns the value that begins at `start` with a quote, without its quotes, which may have backslashes. */
export function quotedValue(text: string, start: number): Span | undefined {
  const backslashes = matchAt(BACKSLASHES, text, start);
  const open = start + backslashes.length;
  const quote = text[open];
  if (quote !== '"' && quote !== "'" && quote !== '`') return undefined;
  const limit = Math.min(text.length, open + MAX_LENGTH);
  let inner = 0;
  for (let at = open + 1; at < limit && inner < MAX_INNER_QUOTES; at += 1) {
    if (text[at] === '\\') {
      const { length } = matchAt(BACKSLASHES, text, at);
      const ends = backslashes !== '' && length === backslashes.length && text[at + length] === quote;
      if (ends) return { start: open + 1, end: at };
      at += backslashes === '' ? 1 : length;
    } else if (text[at] === quote && text[at + 1] === quote && at > open + 1) at += 1;
    else if (text[at] === quote) {
      if (endsQuoted(text, at)) return { start: open + 1, end: at };
      inner += 1;
    }
  }
  const line = text.indexOf('\n', open);
  return { start: open + 1, end: line < 0 ? text.length : line };
}

/** Returns the list or object that begins at `start`, if it holds texts or numbers. */
export function bracketedValue(text: string, start: number): Span | undefined {
  const close = text[start] === '[' ? ']' : text[start] === '{' ? '}' : undefined;
  if (close === undefined) return undefined;
  const end = text.slice(start, start + MAX_LENGTH).indexOf(close);
  if (end < 0 || !/["'`\d]/.test(text.slice(start, start + end))) return undefined;
  return { start, end: start + end + 1 };
}

/** Returns the unquoted value that begins at `start`, without the marks of the sentence around it. */
export function unquotedValue(text: string, start: number, encoded: boolean): Span {
  const found = matchAt(encoded ? ENCODED : UNQUOTED, text, start);
  const closers = CLOSERS.exec(found.slice(-64))?.[0].length ?? 0;
  return { start, end: start + found.length - closers };
}

/** Extends a value in a connection string, which may hold spaces, up to its `;`. */
export function toSemicolon(text: string, value: Span): Span {
  return { start: value.start, end: value.end + matchAt(TO_SEMICOLON, text, value.end).length };
}

/** Returns what a sticky pattern matches at `start`; '' if nothing. */
export function matchAt(pattern: RegExp, text: string, start: number): string {
  pattern.lastIndex = start;
  return pattern.exec(text)?.[0] ?? '';
}
