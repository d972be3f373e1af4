import type { SegmentDocument } from '../../api/types.ts';
import { asFields, asList, asNumber, asString } from '../shared/coerce.ts';

export interface SegmentTree {
  readonly document: SegmentDocument;
  /** True for a segment, false for a subsegment. */
  readonly isSegment: boolean;
  readonly children: SegmentTree[];
}

/**
 * Returns the documents of a trace as trees. A segment is a child of the subsegment in which another service
 * called it. It is a root if it started before its caller, or if the two name each other as parent.
 */
export function segmentTrees(documents: readonly SegmentDocument[]): SegmentTree[] {
  const tops = documents.map((document) => treeOf(document, document.type !== 'subsegment'));
  tops.sort(compareStarts);
  const roots: SegmentTree[] = [];
  const known = new Map<string, SegmentTree>();
  for (const top of tops) {
    const { parent_id: caller } = top.document;
    (known.get(caller ?? '')?.children ?? roots).push(top);
    for (const each of withDescendants(top)) known.set(each.document.id, each);
  }
  for (const each of known.values()) each.children.sort(compareStarts);
  return roots;
}

function treeOf(document: SegmentDocument, isSegment: boolean): SegmentTree {
  return { document, isSegment, children: [] };
}

/** Also builds the trees of the subsegments. Not recursive, because the sender controls the depth. */
function withDescendants(top: SegmentTree): SegmentTree[] {
  const found = [top];
  for (const each of found) {
    for (const child of asList(each.document.subsegments).filter(isDocument)) {
      const made = treeOf(child, false);
      each.children.push(made);
      found.push(made);
    }
  }
  return found;
}

function compareStarts(a: SegmentTree, b: SegmentTree): number {
  return (asNumber(a.document.start_time) ?? 0) - (asNumber(b.document.start_time) ?? 0);
}

/** The receiver does not validate the subsegments inside a document. */
function isDocument(value: unknown): value is SegmentDocument {
  return asString(asFields(value).id) !== undefined;
}
