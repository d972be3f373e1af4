const EARLIEST = Date.UTC(2000, 0, 1);
const LATEST = Date.UTC(2100, 0, 1);
/** How many of each are in a millisecond. Their numbers for the years 2000 to 2099 do not overlap. */
const UNITS = { seconds: 1e-3, milliseconds: 1, microseconds: 1e3, nanoseconds: 1e6 } as const;
const PER_MS = Object.entries(UNITS) as [keyof typeof UNITS, number][];

/** Ends a message about a time outside of the bounds. */
export const IS_NO_TIME = 'is not a time from 2000 to 2100';

/**
 * Converts a time since the epoch to milliseconds. Its magnitude tells its unit, because clients write
 * milliseconds where seconds belong, and the like. Returns undefined for a time before 2000 or after 2099.
 */
export function toMilliseconds(time: number): number | undefined {
  const unit = unitOf(time);
  return unit === undefined ? undefined : time / UNITS[unit];
}

/** Returns the unit of a time since the epoch; undefined for a time before 2000 or after 2099. */
export function unitOf(time: number): keyof typeof UNITS | undefined {
  for (const [unit, perMs] of PER_MS) {
    const ms = time / perMs;
    if (ms >= EARLIEST && ms < LATEST) return unit;
  }
  return undefined;
}

/** Converts a time in any unit to seconds, like `toMilliseconds`. One in seconds stays the same number. */
export function toSeconds(time: number): number | undefined {
  const ms = toMilliseconds(time);
  if (ms === undefined) return undefined;
  return time < EARLIEST ? time : ms / 1000;
}
