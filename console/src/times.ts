const EARLIEST = Date.UTC(2000, 0, 1);
const LATEST = Date.UTC(2100, 0, 1);
/** Seconds, milliseconds, microseconds and nanoseconds per second: their numbers for these years do not overlap. */
const UNITS_PER_SECOND = [1, 1e3, 1e6, 1e9];

/** Names the bounds of `toMilliseconds` in a message. */
export const IS_NO_TIME = 'is not a time from 2000 to 2100';

/**
 * Converts a time since the epoch to milliseconds. Its magnitude tells its unit, because clients write
 * milliseconds where seconds belong, and the like. Returns undefined for a time before 2000 or after 2099.
 */
export function toMilliseconds(time: number): number | undefined {
  for (const units of UNITS_PER_SECOND) {
    const ms = units === 1 ? time * 1000 : time / (units / 1000);
    if (ms >= EARLIEST && ms < LATEST) return ms;
  }
  return undefined;
}
