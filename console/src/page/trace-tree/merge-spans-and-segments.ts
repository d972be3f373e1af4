import type { SegmentDocument, Span } from '../../api/types.ts';
import { type SegmentBranch, segmentForest } from './segment-trees.ts';
import { spanForest } from './span-trees.ts';
import { createUniqueKeys, type TraceNode, workNode } from './trace-node.ts';

interface Step {
  readonly into: TraceNode[];
  readonly spans: readonly Span[];
  readonly segments: readonly SegmentBranch[];
}

/**
 * Spans and X-Ray documents as one tree. Two pair up when their parents did and they have the same name; a whole
 * segment, which has the name of its service, pairs up with the span of the request that it stands for.
 */
export function workTree(spans: readonly Span[], segments: readonly SegmentDocument[]): TraceNode[] {
  const forest = spanForest(spans);
  const roots: TraceNode[] = [];
  const unique = createUniqueKeys();
  const steps: Step[] = [{ into: roots, spans: forest.roots, segments: segmentForest(segments) }];
  for (let step = steps.pop(); step; step = steps.pop()) {
    for (const [span, branch] of pairsOf(step.spans, step.segments)) {
      const node = workNode(span, branch?.document, unique);
      step.into.push(node);
      steps.push({
        into: node.children,
        spans: span ? forest.childrenOf(span) : [],
        segments: branch?.children ?? [],
      });
    }
  }
  return roots;
}

type Pair = readonly [Span | undefined, SegmentBranch | undefined];

function pairsOf(spans: readonly Span[], branches: readonly SegmentBranch[]): Pair[] {
  const free = new Set(spans);
  const segmentOf = new Map<Span, SegmentBranch>();
  const alone: Pair[] = [];
  for (const branch of branches) {
    const span =
      take(free, (candidate) => candidate.name === branch.document.name) ?? takeRequest(free, branch);
    if (span) segmentOf.set(span, branch);
    else alone.push([undefined, branch]);
  }
  return [...spans.map((span): Pair => [span, segmentOf.get(span)]), ...alone];
}

/** A segment is what a service did for a request: the server's span, or the root where no span is a server's. */
function takeRequest(free: Set<Span>, { isSegment }: SegmentBranch): Span | undefined {
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
