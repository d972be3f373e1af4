import type { PairName } from './pair-names.ts';
import { isUnmistakable, mayBeNumber } from './secret-names.ts';

/** Parameters of SQL and of templates, and words that are no secret. */
const PLACEHOLDER =
  /^(?:\$\d{1,3}|\?|%s|\$\{.*|:\w+|null|undefined|true|false|none|nil|string|number|boolean|unknown|function|async|await|new|\*)$/i;

/** The call of a function, in a line of code or in SQL. */
const CALL = /^[A-Za-z_][\w.]{0,60}\(/;

/** Tells whether a value stands for another one, as in `token = $1`. */
export function isPlaceholder(value: string): boolean {
  return PLACEHOLDER.test(value);
}

/** A parameter, or a count such as `tokens_used=5` or `sessions=3`. */
export function isHarmless(name: string, value: string): boolean {
  if (isPlaceholder(value)) return true;
  return /^\d{1,6}$/.test(value) && !mayBeNumber(name) && /s$|max|min|total|num|count/i.test(name);
}

/**
 * Tells a secret from the prose and the code that may follow `name: ` or `name = `. `next` is the character
 * after the value, undefined at the end of the text; `isTight` tells that no space stands before the value.
 */
export function looksSecret(
  { name, quoted, before }: PairName,
  value: string,
  next: string | undefined,
  isTight: boolean,
): boolean {
  if (isPlaceholder(value)) return false;
  if (quoted) return true;
  if (!isUnmistakable(name) || (isTight && !/^[\s{,(;?&"'[]?$/.test(before))) return false;
  if (/^x-|-(?:key|token|secret|team)$/i.test(name)) return true;
  if (/^\d+(?:[.:]\d+)*%?$/.test(value)) return mayBeNumber(name);
  if (/^\w+$/.test(value) && !/[\d_]/.test(value))
    return isPassword(name) && (next === undefined || /[\n,}]/.test(next));
  return value.length >= 4 && !CALL.test(value) && /\d|[^\w\s.()[\]'’/:=>$?!-]/.test(value);
}

/** One word after this name, at the end of its line, is no prose. */
function isPassword(name: string): boolean {
  return /passw|pwd|secret/i.test(name);
}
