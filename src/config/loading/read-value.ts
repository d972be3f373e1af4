import { isKnown } from './names.ts';
import { trimEdges } from './normalise.ts';

/** What follows the `=`, or the fault: a predicate that continues the variable's name. */
export type ReadValue = { readonly value: string; readonly moreLines: number } | { readonly fault: string };

/** Returns a line below the one on which the value begins: 1 is the next one; undefined after the last. */
type LineBelow = (distance: number) => string | undefined;

/** Maximum number of further lines of one value; a chain of certificates has about a hundred. */
const MAX_LINES = 500;

/**
 * Reads the value that begins with `text`, and continues on the lines below while its quotes are open. Single
 * quotes and backticks keep every character, in double quotes `\n` is a line end, ` #` begins a comment
 * outside of quotes. `isStrict` refuses what Node and Compose read differently.
 */
export function readValue(text: string, below: LineBelow, isStrict: boolean): ReadValue {
  const [quote = ''] = /^["'`]/.exec(text) ?? [];
  return quote === '' ? readPlain(text, isStrict) : readQuoted(text, quote, below, isStrict);
}

function readPlain(text: string, isStrict: boolean): ReadValue {
  const value = trimEdges(text.replace(/(?:^|\s)#.*$/s, ''));
  if (isStrict && value.includes('#')) {
    return { fault: 'must be in quotes, or have a blank before its comment: it contains # and is' };
  }
  return checked(value, 0, isStrict);
}

function readQuoted(text: string, quote: string, below: LineBelow, isStrict: boolean): ReadValue {
  const parts: string[] = [];
  let line = text.slice(1);
  let end = closingQuote(line, quote);
  while (end < 0) {
    parts.push(line);
    const next = below(parts.length);
    if (next === undefined || parts.length > MAX_LINES || isAssignment(next)) {
      return { fault: 'must have a closing quote: it begins with one' };
    }
    line = next;
    end = closingQuote(line, quote);
  }
  const after = trimEdges(line.slice(end + 1));
  if (after !== '' && !after.startsWith('#')) {
    return { fault: 'must end at its closing quote, or have other quotes around it,' };
  }
  const value = [...parts, line.slice(0, end)].join('\n');
  if (quote !== '"') return { value, moreLines: parts.length };
  const unescaped = value.replaceAll('\\n', '\n');
  if (isStrict && unescaped.includes('\\')) {
    return { fault: 'must be in single quotes, because of its backslash,' };
  }
  return checked(unescaped, parts.length, isStrict);
}

/** Compose replaces `$NAME` and `${NAME}`, also in double quotes; Node does not. */
function checked(value: string, moreLines: number, isStrict: boolean): ReadValue {
  if (isStrict && /\$[{A-Za-z_]/.test(value)) {
    return { fault: 'must be in single quotes, because variables such as $NAME are not replaced,' };
  }
  return { value, moreLines };
}

/** Returns the place of the quote that ends the value; a backslash keeps a double quote from ending it. */
function closingQuote(line: string, quote: string): number {
  return quote === '"' ? line.search(/(?<!\\)"/) : line.indexOf(quote);
}

function isAssignment(line: string): boolean {
  const name = /^\s*(?:export\s+)?(\w+)\s*=/.exec(line)?.[1];
  return name !== undefined && isKnown(name);
}
