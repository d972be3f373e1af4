import { isKnown } from './names.ts';
import { trimEdges, trimStart } from './normalise.ts';

/** What follows the `=`, or the fault: a predicate that continues the variable's name. */
export type ReadValue = { readonly value: string; readonly moreLines: number } | { readonly fault: string };

/** Returns a line below the one on which the value begins: 1 is the next one; undefined after the last. */
type LineBelow = (distance: number) => string | undefined;

/** Maximum number of further lines of one value; a chain of certificates has about a hundred. */
const MAX_LINES = 500;

const UNCLOSED = { fault: 'must have a closing quote: it begins with one' };

/**
 * Reads the value that follows an `=`, and continues on the lines below while its quotes are open. Single
 * quotes and backticks keep every character, in double quotes `\n` is a line end, ` #` begins a comment
 * outside of quotes. `isStrict` refuses what Node and Compose read differently; else it is read as Node does.
 */
export function readValue(afterSign: string, below: LineBelow, isStrict: boolean): ReadValue {
  const text = trimStart(afterSign);
  const [quote = ''] = /^["'`]/.exec(text) ?? [];
  const read = quote === '' ? readPlain(afterSign, isStrict) : readQuoted(text, quote, below, isStrict);
  return isStrict && 'value' in read ? checked(read, quote) : read;
}

function readPlain(afterSign: string, isStrict: boolean): ReadValue {
  const value = trimEdges(afterSign.replace(/\s#.*$/s, ''));
  if (isStrict && value.includes('#')) {
    return { fault: 'must be in quotes, or have a blank before its comment: it contains # and is' };
  }
  return { value: value.replace(/^#.*$/s, ''), moreLines: 0 };
}

function readQuoted(text: string, quote: string, below: LineBelow, isStrict: boolean): ReadValue {
  const parts: string[] = [];
  let line = text.slice(1);
  let end = closingQuote(line, quote);
  let swallows = false;
  while (end < 0) {
    parts.push(line);
    const next = below(parts.length);
    if (next === undefined || parts.length > MAX_LINES) {
      return isStrict ? UNCLOSED : { value: trimEdges(text), moreLines: 0 };
    }
    swallows ||= isAssignment(next);
    line = next;
    end = closingQuote(line, quote);
  }
  if (swallows) return UNCLOSED;
  const after = trimEdges(line.slice(end + 1));
  if (isStrict && after !== '' && !after.startsWith('#')) {
    return { fault: 'must end at its closing quote, or have other quotes around it,' };
  }
  const value = [...parts, line.slice(0, end)].join('\n');
  return { value: quote === '"' ? value.replaceAll('\\n', '\n') : value, moreLines: parts.length };
}

/**
 * Refuses what only Compose replaces: `$NAME`, `${NAME}` and `$$`, except in single quotes, and backslashes
 * in double quotes. `$(command)` is replaced by a shell only.
 */
function checked(read: { readonly value: string; readonly moreLines: number }, quote: string): ReadValue {
  const { value } = read;
  if (value.includes('\ufffd')) return { fault: 'must be in UTF-8, which some of its bytes are not,' };
  if (quote === '"' && value.includes('\\')) {
    return { fault: 'must be in single quotes, because of its backslash,' };
  }
  if (quote !== "'" && quote !== '`' && /\$[{($A-Za-z_]/.test(value)) {
    return { fault: 'must be in single quotes, because variables such as $NAME are not replaced,' };
  }
  return read;
}

/** Returns the place of the quote that ends the value; a backslash keeps a double quote from ending it. */
function closingQuote(line: string, quote: string): number {
  return quote === '"' ? line.search(/(?<!\\)"/) : line.indexOf(quote);
}

function isAssignment(line: string): boolean {
  const name = /^\s*(?:export\s+)?(\w+)\s*=/.exec(line)?.[1];
  return name !== undefined && isKnown(name);
}
