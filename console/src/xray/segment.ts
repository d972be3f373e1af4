import { asArray, isRecord } from '../json.ts';

/**
 * A segment or subsegment document. Times are in seconds since the epoch. Other fields are preserved.
 * https://docs.aws.amazon.com/xray/latest/devguide/xray-api-segmentdocuments.html
 */
export interface SegmentDocument {
  readonly id: string;
  readonly name: string;
  readonly trace_id?: string;
  readonly parent_id?: string;
  readonly type?: string;
  readonly namespace?: string;
  readonly start_time: number;
  readonly end_time?: number;
  readonly in_progress?: boolean;
  readonly error?: boolean;
  readonly fault?: boolean;
  readonly throttle?: boolean;
  readonly cause?: unknown;
  readonly http?: { readonly request?: Record<string, unknown>; readonly response?: Record<string, unknown> };
  readonly annotations?: Record<string, string | number | boolean>;
  readonly metadata?: Record<string, Record<string, unknown>>;
  readonly subsegments?: readonly SegmentDocument[];
  readonly [field: string]: unknown;
}

/** Deeper subsegments become top-level, because JSON.stringify fails for a chain of thousands. */
const MAX_DEPTH = 200;

/**
 * Puts subsegments that were sent separately under their parents. Documents without a known parent are
 * top-level. Of a document that was sent twice (first in progress, then complete), only the last version
 * counts.
 */
export function assembleSegments(documents: readonly SegmentDocument[]): SegmentDocument[] {
  const latest = [
    ...new Map(documents.map((document) => [`${document.trace_id} ${document.id}`, document])).values(),
  ];
  const known = new Set(latest.flatMap(idsOf));
  const apart = Map.groupBy(latest, (document) => {
    const parent = document.type === 'subsegment' ? document.parent_id : undefined;
    return parent !== undefined && known.has(parent) ? parent : undefined;
  });
  const top = apart.get(undefined) ?? [];
  apart.delete(undefined);
  const assembled = top.map((document) => withChildren(document, apart, MAX_DEPTH));
  return [...assembled, ...[...apart.values()].flat()];
}

function idsOf(document: SegmentDocument): string[] {
  return [document.id, ...childrenOf(document).flatMap(idsOf)];
}

/** Removes each group of children when it is used, so that circular ids end; the rest becomes top-level. */
function withChildren(
  document: SegmentDocument,
  apart: Map<string | undefined, SegmentDocument[]>,
  depth: number,
): SegmentDocument {
  if (depth === 0) return document;
  const children = [...childrenOf(document), ...(apart.get(document.id) ?? [])];
  apart.delete(document.id);
  if (children.length === 0 && document.subsegments === undefined) return document;
  return { ...document, subsegments: children.map((child) => withChildren(child, apart, depth - 1)) };
}

function childrenOf(document: SegmentDocument): readonly SegmentDocument[] {
  return asArray(document.subsegments).filter(isRecord) as unknown as SegmentDocument[];
}
