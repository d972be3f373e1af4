import type { Span } from '../../api/types.ts';

export interface SpanTrees {
  readonly roots: readonly Span[];
  childrenOf(span: Span): readonly Span[];
}

/**
 * Groups spans under their parents, each span once. A span is a root if its parent is missing; in a cycle of
 * parents, the earliest span is the root.
 */
export function spanTrees(spans: readonly Span[]): SpanTrees {
  const ordered = [...spans].sort((a, b) => a.startTime - b.startTime);
  const ids = new Set(ordered.map(({ spanId }) => spanId));
  const under = Map.groupBy(ordered, ({ parentSpanId }) =>
    parentSpanId !== undefined && ids.has(parentSpanId) ? parentSpanId : undefined,
  );
  const children = new Map<Span, Span[]>();
  const placed = new Set<Span>();

  function place(root: Span): void {
    placed.add(root);
    const open = [root];
    for (let span = open.pop(); span; span = open.pop()) {
      const mine = (under.get(span.spanId) ?? []).filter((child) => !placed.has(child));
      for (const child of mine) {
        placed.add(child);
        open.push(child);
      }
      children.set(span, mine);
    }
  }

  const roots = [...(under.get(undefined) ?? [])];
  for (const root of roots) place(root);
  for (const span of ordered) {
    if (placed.has(span)) continue;
    roots.push(span);
    place(span);
  }
  return { roots, childrenOf: (span) => children.get(span) ?? [] };
}
