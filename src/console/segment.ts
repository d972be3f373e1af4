/**
 * A segment or subsegment document; times are seconds since the epoch. What is not named here is kept as sent.
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

/** Puts subsegments that were sent apart under their parents; what has no parent here stands at the top. */
export function assembleSegments(documents: readonly SegmentDocument[]): SegmentDocument[] {
  const apart = new Map<string, SegmentDocument[]>();
  const known = new Set(documents.flatMap(idsOf));
  const top: SegmentDocument[] = [];
  for (const document of documents) {
    const parent = document.type === 'subsegment' ? document.parent_id : undefined;
    if (parent === undefined || parent === document.id || !known.has(parent)) top.push(document);
    else apart.set(parent, [...(apart.get(parent) ?? []), document]);
  }
  return top.map((document) => withChildren(document, apart));
}

function idsOf(document: SegmentDocument): string[] {
  return [document.id, ...(document.subsegments ?? []).flatMap(idsOf)];
}

function withChildren(
  document: SegmentDocument,
  apart: ReadonlyMap<string, SegmentDocument[]>,
): SegmentDocument {
  const children = [...(document.subsegments ?? []), ...(apart.get(document.id) ?? [])];
  if (children.length === 0) return document;
  return { ...document, subsegments: children.map((child) => withChildren(child, apart)) };
}
