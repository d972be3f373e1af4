import type { SegmentDocument } from '../../api/types.ts';
import { asFields, asList, asNumber, asString } from '../shared/coerce.ts';

export interface SegmentTree {
  readonly document: SegmentDocument;
  /** A whole segment, what a service did for a request; else a subsegment. */
  readonly isSegment: boolean;
  readonly children: SegmentTree[];
}

/**
 * The documents of a trace as trees. A segment stands under the subsegment in which another service called for it;
 * one that began before its caller stays at the top, as do those that name each other.
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

/** Makes the branches of the subsegments on the way; without recursion, since the sender decides the depth. */
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

/** Of a subsegment inside of another document nobody looked at the fields. */
function isDocument(value: unknown): value is SegmentDocument {
  return asString(asFields(value).id) !== undefined;
}
