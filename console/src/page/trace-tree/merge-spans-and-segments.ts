import type { SegmentDocument, Span } from '../../api/types.ts';
import { type SegmentTree, segmentTrees } from './segment-trees.ts';
import { spanTrees } from './span-trees.ts';
import { createUniqueKeys, type TraceNode, workNode } from './trace-node.ts';

interface Step {
  readonly into: TraceNode[];
  readonly spans: readonly Span[];
  readonly segments: readonly SegmentTree[];
}

/**
 * Merges spans and X-Ray documents into one tree. A span and a subsegment merge when their parents merged
 * and their names are equal. A segment has the name of its service, so it merges with the server span.
 */
export function mergeSpansAndSegments(
  spans: readonly Span[],
  segments: readonly SegmentDocument[],
): TraceNode[] {
  const trees = spanTrees(spans);
  const roots: TraceNode[] = [];
  const unique = createUniqueKeys();
  const steps: Step[] = [{ into: roots, spans: trees.roots, segments: segmentTrees(segments) }];
  for (let step = steps.pop(); step; step = steps.pop()) {
    for (const [span, tree] of pairsOf(step.spans, step.segments)) {
      const node = workNode(span, tree?.document, unique);
      step.into.push(node);
      steps.push({
        into: node.children,
        spans: span ? trees.childrenOf(span) : [],
        segments: tree?.children ?? [],
      });
    }
  }
  return roots;
}

type Pair = readonly [Span | undefined, SegmentTree | undefined];

function pairsOf(spans: readonly Span[], trees: readonly SegmentTree[]): Pair[] {
  const free = new Set(spans);
  const segmentOf = new Map<Span, SegmentTree>();
  const alone: Pair[] = [];
  for (const tree of trees) {
    const span = take(free, (candidate) => candidate.name === tree.document.name) ?? takeRequest(free, tree);
    if (span) segmentOf.set(span, tree);
    else alone.push([undefined, tree]);
  }
  return [...spans.map((span): Pair => [span, segmentOf.get(span)]), ...alone];
}

/** A segment covers the work of a service for one request: the server span, else the root span. */
function takeRequest(free: Set<Span>, { isSegment }: SegmentTree): Span | undefined {
  if (!isSegment) return undefined;
  return (
    take(free, ({ kind }) => kind === 'server' || kind === 'consumer') ??
    take(free, ({ parentSpanId }) => parentSpanId === undefined)
  );
}

function take(free: Set<Span>, test: (span: Span) => boolean): Span | undefined {
  for (const span of free) {
    if (test(span)) {
      free.delete(span);
      return span;
    }
  }
  return undefined;
}
