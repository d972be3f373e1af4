import type { TraceNode } from '../trace-tree/trace-node.ts';
import { allOf } from '../trace-tree/trace-tree.ts';

/** The range of time that a waterfall shows, in milliseconds since the epoch. */
export interface TimeRange {
  readonly start: number;
  readonly end: number;
}

/** From the first start to the last end of the work; of all there is where there is no work. */
export function timeRangeOf(roots: readonly TraceNode[]): TimeRange {
  const all = allOf(roots);
  const work = all.filter(({ span, segment }) => span ?? segment);
  const told = (work.length ? work : all).filter(({ start }) => Number.isFinite(start));
  let start = Number.POSITIVE_INFINITY;
  let end = Number.NEGATIVE_INFINITY;
  for (const node of told) {
    start = Math.min(start, node.start);
    end = Math.max(end, node.end ?? node.start);
  }
  return told.length ? { start, end: Math.max(end, start + 0.001) } : { start: 0, end: 1 };
}

/** Where a time is in a range, in percent; times outside stand at its ends. */
export function percentAt({ start, end }: TimeRange, time: number): number {
  const percent = ((time - start) / (end - start)) * 100;
  return Number.isFinite(percent) ? Math.min(100, Math.max(0, percent)) : 0;
}

/** Offsets of the ticks, in milliseconds: 1, 2 or 5 of a power of ten apart, at most `most` of them. */
export function ticksOf({ start, end }: TimeRange, most: number): number[] {
  const length = end - start;
  const power = 10 ** Math.floor(Math.log10(length / most));
  const step = [1, 2, 5, 10].map((each) => each * power).find((each) => length / each <= most) ?? length;
  return Array.from({ length: Math.floor(length / step) + 1 }, (_, index) => index * step);
}
