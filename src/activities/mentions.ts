const MENTION = /(?<![\p{L}\p{N}_])@([a-z0-9_]{1,30})(?![\p{L}\p{N}_])/giu;

/** Returns the handles mentioned in a text (`@worf`, but not `me@worf.example`), in lower case. */
export function mentionsIn(text: string): string[] {
  const handles = new Set<string>();
  for (const [, handle = ''] of text.matchAll(MENTION)) handles.add(handle.toLowerCase());
  return [...handles];
}
