const MINUTE_MS = 60_000;
/** Maximum number of reports that are being sent. */
const MAX_PENDING = 1_000;

/** Counts reports: those that are being sent, and those that were sent within the last minute. */
export interface ReportWindow {
  /** Returns the count, for a time as `Clock.now` returns it. */
  used(now: number): number;
  hasRoom(now: number): boolean;
  /** Returns when there will be room; infinite if a report must leave first. */
  freeAt(now: number): number;
  enter(): void;
  /** A report was acknowledged or dropped. It counts for another minute. */
  leave(now: number): void;
}

/**
 * Creates the window. A report counts from the moment it is chosen, so that after an outage no more than
 * `limit` reports wait to be sent at once. At most `limit` leave within any minute.
 */
export function createReportWindow(limit: number): ReportWindow {
  const left: number[] = [];
  let pending = 0;

  function used(now: number): number {
    const expired = left.findIndex((at) => at > now - MINUTE_MS);
    left.splice(0, expired < 0 ? left.length : expired);
    return pending + left.length;
  }

  const hasRoom = (now: number) => pending < MAX_PENDING && used(now) < limit;

  return {
    used,
    hasRoom,
    freeAt(now) {
      if (hasRoom(now)) return now;
      const [oldest] = left;
      return oldest === undefined || pending >= MAX_PENDING ? Number.POSITIVE_INFINITY : oldest + MINUTE_MS;
    },
    enter() {
      pending += 1;
    },
    leave(now) {
      pending -= 1;
      left.push(now);
    },
  };
}
