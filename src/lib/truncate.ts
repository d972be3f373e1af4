/** Maximum size of a path, a query or a message in each of the four systems, in bytes of UTF-8. */
export const MAX_TEXT_BYTES = 2048;

/** Maximum size of an error's stack in log lines and spans, in bytes of UTF-8. */
export const MAX_STACK_BYTES = 16_384;

const MAX_BYTES_PER_UNIT = 3;
const ELLIPSIS = '…';

const encoder = new TextEncoder();
const kept = new Uint8Array(MAX_STACK_BYTES);

/**
 * Cuts text between two code points to at most `maxBytes` of UTF-8, by default 2 kB, at most
 * `MAX_STACK_BYTES`. Text that was cut ends with `…`.
 */
export function truncate(text: string, maxBytes = MAX_TEXT_BYTES): string {
  if (text.length * MAX_BYTES_PER_UNIT <= maxBytes) return text;
  if (text.length <= maxBytes && Buffer.byteLength(text) <= maxBytes) return text;
  const { read } = encoder.encodeInto(text, kept.subarray(0, maxBytes - MAX_BYTES_PER_UNIT));
  return text.slice(0, read) + ELLIPSIS;
}
