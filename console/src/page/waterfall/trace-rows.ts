import type { TraceNode } from '../trace-tree/trace-node.ts';

export interface TraceRow {
  readonly node: TraceNode;
  /** Starts at 1. */
  readonly level: number;
  readonly parent: TraceNode | undefined;
  readonly isOpen: boolean;
}

/** Returns the tree as rows, from top to bottom, without the children of closed nodes. */
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
