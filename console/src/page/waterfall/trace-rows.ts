import type { TraceNode } from '../trace-tree/trace-node.ts';
import { allOf } from '../trace-tree/trace-tree.ts';

export interface TraceRow {
  readonly node: TraceNode;
  /** From 1. */
  readonly level: number;
  readonly parent: TraceNode | undefined;
  readonly isOpen: boolean;
}

/** The stretch of time that a waterfall shows, in milliseconds since the epoch. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
}

/** The tree as rows from top to bottom, without what is under a closed node. */
export function traceRows(roots: readonly TraceNode[], closed: ReadonlySet<string>): TraceRow[] {
  const rows: TraceRow[] = [];
  const open: Omit<TraceRow, 'isOpen'>[] = [];
  const push = (nodes: readonly TraceNode[], level: number, parent: TraceNode | undefined) => {
    for (const node of nodes.toReversed()) open.push({ node, level, parent });
  };
  push(roots, 1, undefined);
  for (let row = open.pop(); row; row = open.pop()) {
    const isOpen = row.node.children.length > 0 && !closed.has(row.node.key);
    rows.push({ ...row, isOpen });
    if (isOpen) push(row.node.children, row.level + 1, row.node);
  }
  return rows;
}

/** From the first start to the last end of the work; of all there is where there is no work. */
export function stretchOf(roots: readonly TraceNode[]): Stretch {
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

/** Where a time is in a stretch, in percent; times outside stand at its ends. */
export function percentAt({ start, end }: Stretch, time: number): number {
  const percent = ((time - start) / (end - start)) * 100;
  return Number.isFinite(percent) ? Math.min(100, Math.max(0, percent)) : 0;
}

/** Offsets of the ticks, in milliseconds: 1, 2 or 5 of a power of ten apart, at most `most` of them. */
export function ticksOf({ start, end }: Stretch, most: number): number[] {
  const length = end - start;
  const power = 10 ** Math.floor(Math.log10(length / most));
  const step = [1, 2, 5, 10].map((each) => each * power).find((each) => length / each <= most) ?? length;
  return Array.from({ length: Math.floor(length / step) + 1 }, (_, index) => index * step);
}
