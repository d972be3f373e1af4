/**
 * Returns the count of a partial success: from an ExportTraceServiceResponse as text in JSON, or as bytes in
 * protobuf. Returns undefined for a response that is neither.
 */
export function rejectedSpans(answer: string | Buffer): number | undefined {
  if (answer.length === 0) return 0;
  return typeof answer === 'string' ? rejectedInJson(answer) : rejectedInProtobuf(answer);
}

function rejectedInJson(text: string): number | undefined {
  try {
    const answer = JSON.parse(text);
    if (typeof answer === 'object' && answer !== null)
      return Number(answer.partialSuccess?.rejectedSpans ?? 0) || 0;
  } catch {}
  return undefined;
}

const VARINT = 0;
const LENGTH = 2;
/** The size of a field by its wire type, if it is fixed. */
const FIXED_BYTES: Readonly<Record<number, number>> = { 1: 8, 5: 4 };

/** Both `partial_success` and its `rejected_spans` have the field number 1. */
function rejectedInProtobuf(bytes: Buffer): number | undefined {
  try {
    const partial = firstField(bytes) ?? Buffer.alloc(0);
    if (typeof partial === 'bigint') return undefined;
    const rejected = firstField(partial) ?? 0n;
    return typeof rejected === 'bigint' ? Math.max(0, Number(BigInt.asIntN(64, rejected))) : undefined;
  } catch {
    return undefined;
  }
}

/** Returns the field with the number 1 of a message. Throws a `RangeError` if the message is malformed. */
function firstField(bytes: Buffer): bigint | Buffer | undefined {
  let at = 0;
  let found: bigint | Buffer | undefined;
  const varint = () => {
    for (let value = 0n, shift = 0n; shift < 70n; shift += 7n) {
      const byte = bytes.readUInt8(at++);
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    throw new RangeError('a varint is longer than ten bytes');
  };
  while (at < bytes.length) {
    const tag = Number(varint());
    const wireType = tag & 7;
    const isFirst = Math.floor(tag / 8) === 1;
    if (wireType === VARINT) {
      const value = varint();
      if (isFirst) found = value;
      continue;
    }
    const size = wireType === LENGTH ? Number(varint()) : FIXED_BYTES[wireType];
    if (size === undefined || tag < 8 || at + size > bytes.length) throw new RangeError('not a message');
    if (isFirst) found = bytes.subarray(at, at + size);
    at += size;
  }
  return found;
}
