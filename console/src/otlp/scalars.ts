import { UnreadableInput } from '../http/receiver.ts';
import { asNumber, asRecord } from '../json.ts';
import { toMilliseconds } from '../times.ts';

const HEX = /^[0-9a-f]+$/i;
const ZEROS = /^0+$/;
const DECIMAL = /^\d{1,20}$/;
const NANOS_PER_MS = 1_000_000;

/** A 64-bit number, as protobufjs decodes it. */
interface Long {
  readonly low: number;
  readonly high: number;
  readonly unsigned: boolean;
}

/** A time in two numbers, because nanoseconds since the epoch exceed the exact range of one. */
export interface Time {
  /** Whole milliseconds. */
  readonly ms: number;
  /** The remaining nanoseconds, below a million. */
  readonly nanos: number;
}

/**
 * Reads an id, hex digits in JSON and bytes in protobuf, as lower-case hex digits. Returns '' for an id that
 * is absent, empty or all zeros, and undefined for a malformed one.
 */
export function readId(value: unknown = '', bytes: number): string | undefined {
  const text = value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value;
  // The default of protobufjs for absent bytes is an empty list.
  if (text === '' || (Array.isArray(text) && text.length === 0)) return '';
  if (typeof text !== 'string' || text.length !== 2 * bytes || !HEX.test(text)) return undefined;
  return ZEROS.test(text) ? '' : text.toLowerCase();
}

/** Reads nanoseconds since the epoch, 0 when absent. Throws `UnreadableInput` for anything else. */
export function readTime(value: unknown): Time {
  if (value === undefined || value === null) return { ms: 0, nanos: 0 };
  if (typeof value === 'string' && DECIMAL.test(value)) {
    return { ms: Number(value.slice(0, -6)), nanos: Number(value.slice(-6)) };
  }
  if (typeof value === 'number' && value >= 0 && value < 2 ** 64) {
    return { ms: Math.floor(value / NANOS_PER_MS), nanos: value % NANOS_PER_MS };
  }
  if (isLong(value)) {
    // 2^32 ns are 4294 ms and 967,296 ns, so that each step stays in the exact range of a double.
    const high = value.high >>> 0;
    const nanos = high * 967_296 + (value.low >>> 0);
    return { ms: high * 4294 + Math.floor(nanos / NANOS_PER_MS), nanos: nanos % NANOS_PER_MS };
  }
  throw new UnreadableInput(400, 'a time is not a number of nanoseconds');
}

/**
 * Returns a time that is in another unit than nanoseconds as one in nanoseconds; undefined for a time that is
 * not from 2000 to 2100 in any unit.
 */
export function recognizeTime(time: Time): Time | undefined {
  const ms = toMilliseconds(time.ms * NANOS_PER_MS + time.nanos);
  if (ms === undefined || Math.abs(ms - time.ms) <= 1) return ms === undefined ? undefined : time;
  return { ms: Math.floor(ms), nanos: Math.round((ms % 1) * NANOS_PER_MS) };
}

/** Returns milliseconds since the epoch. */
export function toMs({ ms, nanos }: Time): number {
  return ms + nanos / NANOS_PER_MS;
}

/** Returns the milliseconds between two times, exact to the nanosecond. */
export function msBetween(start: Time, end: Time): number {
  return end.ms - start.ms + (end.nanos - start.nanos) / NANOS_PER_MS;
}

/** Reads a signed 64-bit integer. Returns its digits as a string beyond the exact range of a double. */
export function readInteger(value: unknown): unknown {
  const number = isLong(value) ? value.high * 2 ** 32 + (value.low >>> 0) : asNumber(value);
  if (Number.isSafeInteger(number)) return number;
  return isLong(value) ? String((BigInt(value.high) << 32n) | BigInt(value.low >>> 0)) : value;
}

/** Reads an enum by number, or by name as in JSON. Unknown values become the first of `names`. */
export function readEnum<const Names extends readonly [string, ...string[]]>(
  value: unknown,
  names: Names,
  prefix: string,
): Names[number] {
  if (typeof value === 'number') return names[value] ?? names[0];
  if (typeof value !== 'string') return names[0];
  return names.find((name) => value === `${prefix}${name.toUpperCase()}`) ?? names[Number(value)] ?? names[0];
}

/** Checks the values too, because a JSON body may have an object with these fields in place of a number. */
function isLong(value: unknown): value is Long {
  const { low, high } = asRecord(value);
  return Number.isInteger(low) && Number.isInteger(high);
}
