/**
 * Matches `@` and a handle between characters that cannot continue a word. A combining mark continues the
 * letter before it. A handle is ASCII: with the flag `i`, `s` would also match U+017F, and `k` U+212A.
 */
const MENTION = /(?<![\p{L}\p{N}_]\p{M}*)@([A-Za-z0-9_]{1,30})(?![\p{L}\p{N}\p{M}_])/gu;

/** Returns the handles mentioned in a text (`@worf`, but not `me@worf.example`), in lower case. */
export function mentionsIn(text: string): string[] {
  const handles = new Set<string>();
  for (const [, handle = ''] of text.matchAll(MENTION)) handles.add(handle.toLowerCase());
  return [...handles];
}
