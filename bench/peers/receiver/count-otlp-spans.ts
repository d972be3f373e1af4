const LENGTH_DELIMITED = 2;

/** `resource_spans`, `scope_spans` and `spans` in their messages, as trace.proto of OTLP numbers them. */
const PATH_TO_SPANS = [1, 2, 2];

/** Returns how many spans an OTLP export request in its binary form carries, by their lengths alone. */
export function countOtlpSpans(message: Buffer, path: readonly number[] = PATH_TO_SPANS): number {
  const [field, ...rest] = path;
  if (field === undefined) return 1;
  let count = 0;
  let at = 0;
  while (at < message.length) {
    const tag = varint(message, at);
    // Strings and messages alone occur above a span.
    if ((tag.value & 7) !== LENGTH_DELIMITED) throw new Error(`wire type ${tag.value & 7} above a span`);
    const length = varint(message, tag.end);
    at = length.end + length.value;
    if (tag.value >>> 3 === field) count += countOtlpSpans(message.subarray(length.end, at), rest);
  }
  return count;
}

function varint(message: Buffer, start: number): { value: number; end: number } {
  let value = 0;
  let end = start;
  let byte: number;
  do {
    byte = message[end] ?? 0;
    value += (byte & 127) * 2 ** (7 * (end - start));
    end += 1;
  } while (byte & 128);
  return { value, end };
}
