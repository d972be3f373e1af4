/**
 * What follows a quote that ends a text: `"a", "b"`, `{'a': 1}`, `"a".`; a quote within a password is none.
 */
const AFTER_END = /[\s,;:.)\]}>&|?!\\"'`=]|$/y;

/** Tells whether the quote at `index` ends a quoted text, rather than being a character of it. */
export function endsQuoted(text: string, index: number): boolean {
  AFTER_END.lastIndex = index + 1;
  return AFTER_END.test(text);
}
