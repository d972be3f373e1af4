import type { LogLine, RollbarItem, SegmentDocument, Span } from '../../api/types.ts';
import { asNumber, asText } from '../shared/coerce.ts';

/**
 * One row of a trace: a log line, a Rollbar item, or an operation (a span, an X-Ray (sub)segment or both).
 * Times are milliseconds since the epoch.
 */
export interface TraceNode {
  /** Stable while the trace grows, because the address of the page holds it. */
  readonly key: string;
  readonly name: string;
  readonly start: number;
  /** Undefined while a segment is in progress. */
  readonly end: number | undefined;
  readonly failed: boolean;
  readonly span?: Span;
  readonly segment?: SegmentDocument;
  readonly log?: LogLine;
  readonly item?: RollbarItem;
  readonly children: TraceNode[];
}

/** Creates a function that turns received ids into unique keys without white space. */
export function createUniqueKeys(): (name: string) => string {
  const uses = new Map<string, number>();
  return (name) => {
    const key = name.slice(0, 100).replace(/\s/g, '_');
    const use = (uses.get(key) ?? 0) + 1;
    uses.set(key, use);
    return use === 1 ? key : `${key}.${use}`;
  };
}

/** Builds the node of an operation; needs a span, a segment or both. */
export function workNode(
  span: Span | undefined,
  segment: SegmentDocument | undefined,
  unique: (name: string) => string,
): TraceNode {
  const starts = [span?.startTime, segmentStart(segment)].filter((time) => time !== undefined);
  const ends = [span && span.startTime + span.durationMs, segmentEnd(segment)].filter(
    (time) => time !== undefined,
  );
  return {
    key: unique(span ? `span-${span.spanId}` : `segment-${segment?.id}`),
    name: span?.name ?? asText(segment?.name ?? ''),
    start: Math.min(...starts),
    end: ends.length ? Math.max(...ends) : undefined,
    failed: span?.status.code === 'error' || isFailedSegment(segment),
    ...(span && { span }),
    ...(segment && { segment }),
    children: [],
  };
}

export function segmentStart(segment: SegmentDocument | undefined): number | undefined {
  return segment && (asNumber(segment.start_time) ?? 0) * 1_000;
}

export function segmentEnd(segment: SegmentDocument | undefined): number | undefined {
  const seconds = asNumber(segment?.end_time);
  return seconds === undefined ? undefined : seconds * 1_000;
}

export function isFailedSegment(segment: SegmentDocument | undefined): boolean {
  return Boolean(segment && (segment.fault || segment.error || segment.throttle));
}
