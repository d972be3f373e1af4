import type { TraceNode } from '../trace-tree/trace-node.ts';
import { allOf } from '../trace-tree/trace-tree.ts';

/** The time range that a waterfall shows, in milliseconds since the epoch. */
export interface TimeRange {
  readonly start: number;
  readonly end: number;
}

/** Returns the range of all spans and segments, or of all nodes if there are none. */
export function timeRangeOf(roots: readonly TraceNode[]): TimeRange {
  const all = allOf(roots);
  const work = all.filter(({ span, segment }) => span ?? segment);
  const timed = (work.length ? work : all).filter(({ start }) => Number.isFinite(start));
  let start = Number.POSITIVE_INFINITY;
  let end = Number.NEGATIVE_INFINITY;
  for (const node of timed) {
    start = Math.min(start, node.start);
    end = Math.max(end, node.end ?? node.start);
  }
  return timed.length ? { start, end: Math.max(end, start + 0.001) } : { start: 0, end: 1 };
}

/** Returns the position of a time within a range, in percent from 0 to 100. */
export function percentAt({ start, end }: TimeRange, time: number): number {
  const percent = ((time - start) / (end - start)) * 100;
  return Number.isFinite(percent) ? Math.min(100, Math.max(0, percent)) : 0;
}

/** Returns tick offsets in milliseconds, 1, 2 or 5 × 10ⁿ apart, with at most `most` intervals. */
export function ticksOf({ start, end }: TimeRange, most: number): number[] {
  const length = end - start;
  const power = 10 ** Math.floor(Math.log10(length / most));
  const step = [1, 2, 5, 10].map((each) => each * power).find((each) => length / each <= most) ?? length;
  return Array.from({ length: Math.floor(length / step) + 1 }, (_, index) => index * step);
}
