const EARLIEST = Date.UTC(2000, 0, 1);
const LATEST = Date.UTC(2100, 0, 1);
/** Seconds, milliseconds, microseconds, nanoseconds. Their numbers for the years 2000 to 2099 do not overlap. */
const UNITS_PER_MS = [1e-3, 1, 1e3, 1e6];

/** Ends a message about a time outside of the bounds. */
export const IS_NO_TIME = 'is not a time from 2000 to 2100';

/**
 * Converts a time since the epoch to milliseconds. Its magnitude tells its unit, because clients write
 * milliseconds where seconds belong, and the like. Returns undefined for a time before 2000 or after 2099.
 */
export function toMilliseconds(time: number): number | undefined {
  for (const units of UNITS_PER_MS) {
    const ms = time / units;
    if (ms >= EARLIEST && ms < LATEST) return ms;
  }
  return undefined;
}

/** Converts a time in any unit, like `toMilliseconds`, to seconds. A time in seconds stays the same number. */
export function toSeconds(time: number): number | undefined {
  const ms = toMilliseconds(time);
  if (ms === undefined) return undefined;
  return time < EARLIEST ? time : ms / 1000;
}
