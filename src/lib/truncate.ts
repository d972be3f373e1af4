/** Maximum size of a path, a query or a message in each of the four systems, in bytes of UTF-8. */
const MAX_BYTES = 2048;
const MAX_BYTES_PER_UNIT = 3;
const ELLIPSIS = '…';

const encoder = new TextEncoder();
const kept = new Uint8Array(MAX_BYTES - MAX_BYTES_PER_UNIT);

/** Cuts text between two code points to at most 2 kB of UTF-8. Text that was cut ends with `…`. */
export function truncate(text: string): string {
  if (text.length * MAX_BYTES_PER_UNIT <= MAX_BYTES) return text;
  if (text.length <= MAX_BYTES && Buffer.byteLength(text) <= MAX_BYTES) return text;
  const { read } = encoder.encodeInto(text, kept);
  return text.slice(0, read) + ELLIPSIS;
}
