import { UnreadableInput } from '../http/receiver.ts';
import type { Journal } from '../journal/journal.ts';
import { asNumber } from '../json.ts';
import { toTraceId } from '../trace-id/trace-id.ts';
import { assembleSegments, type SegmentDocument } from './segment.ts';

const MAX_TRACES = 5;

/**
 * BatchGetTraces: returns the segments of up to five traces, with subsegments under their parents.
 * Ids without a segment are returned as unprocessed.
 * https://docs.aws.amazon.com/xray/latest/api/API_BatchGetTraces.html
 */
export function batchGetTraces(journal: Journal, input: Record<string, unknown>): unknown {
  const { TraceIds: ids, NextToken: token } = input;
  if (!Array.isArray(ids) || ids.length === 0 || !ids.every((id) => typeof id === 'string')) {
    throw new UnreadableInput(400, 'TraceIds is not an array of at least one string');
  }
  if (ids.length > MAX_TRACES) throw new UnreadableInput(400, `Exceeding maximum query size: ${MAX_TRACES}`);
  if (token) throw new UnreadableInput(400, 'NextToken is currently not supported');
  const found = ids.map((id) => ({ id, segments: segmentsOf(journal, id) }));
  return {
    Traces: found.filter(({ segments }) => segments.length > 0).map(describeTrace),
    UnprocessedTraceIds: found.filter(({ segments }) => segments.length === 0).map(({ id }) => id),
  };
}

function segmentsOf(journal: Journal, id: string): SegmentDocument[] {
  const own = toTraceId(id);
  const segments = journal
    .byTrace(id)
    .flatMap((entry) =>
      entry.kind === 'segment' && toTraceId(entry.segment.trace_id) === own ? [entry.segment] : [],
    );
  return assembleSegments(segments);
}

function describeTrace({ id, segments }: { id: string; segments: readonly SegmentDocument[] }): unknown {
  let start = Number.POSITIVE_INFINITY;
  let end = 0;
  for (const { start_time: from, end_time: to = from } of segments) {
    start = Math.min(start, from);
    end = Math.max(end, from, asNumber(to) || 0);
  }
  return {
    Id: id,
    Duration: Math.round((end - start) * 1000) / 1000,
    LimitExceeded: false,
    Segments: segments.map((segment) => ({ Id: segment.id, Document: JSON.stringify(segment) })),
  };
}
