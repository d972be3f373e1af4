import type { HrTime } from '@opentelemetry/api';

const TWO_TO_16 = 0x10000;
const TWO_TO_32 = 2 ** 32;

/** Writes a time in nanoseconds, as 64 bits from `at` on. Without a BigInt, unless the time is unusual. */
export function writeNanos(bytes: Buffer, at: number, [seconds, nanoseconds]: HrTime): void {
  const whole = Math.trunc(seconds);
  if (whole < 0 || whole >= TWO_TO_32 || nanoseconds < 0 || nanoseconds >= 1e9) {
    const nanos = BigInt(whole) * 1_000_000_000n + BigInt(Math.trunc(nanoseconds));
    bytes.writeBigUInt64LE(BigInt.asUintN(64, nanos), at);
    return;
  }
  // In two halves, because the product has more than the 53 bits of a number.
  const upper = (whole >>> 16) * 1e9;
  const lower = (upper % TWO_TO_16) * TWO_TO_16 + (whole & 0xffff) * 1e9 + Math.trunc(nanoseconds);
  bytes.writeUInt32LE(lower % TWO_TO_32, at);
  bytes.writeUInt32LE(Math.floor(upper / TWO_TO_16) + Math.floor(lower / TWO_TO_32), at + 4);
}
