const NEWLINE = 0x0a;

/**
 * Yields the lines of a text; undefined for a line of more than `maxBytes`, as soon as it exceeds them.
 * `node:readline` has no such limit, and it also splits at U+2028, which a JSON string may contain.
 */
export async function* readLines(
  chunks: AsyncIterable<Buffer>,
  maxBytes: number,
): AsyncGenerator<string | undefined> {
  let parts: Buffer[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    for (let from = 0; from < chunk.length; ) {
      const newline = chunk.indexOf(NEWLINE, from);
      const end = newline < 0 ? chunk.length : newline;
      const wasShort = length <= maxBytes;
      length += end - from;
      const isShort = length <= maxBytes;
      if (isShort) parts.push(chunk.subarray(from, end));
      else if (wasShort) yield undefined;
      if (newline >= 0 && isShort) yield Buffer.concat(parts).toString();
      if (newline >= 0) length = 0;
      if (newline >= 0 || !isShort) parts = [];
      from = end + 1;
    }
  }
  if (parts.length > 0) yield Buffer.concat(parts).toString();
}
