import { UnreadableInput } from '../http/receiver.ts';
import type { Entry } from '../journal/entries.ts';
import type { Journal } from '../journal/journal.ts';
import { asRecord, isRecord, parseJson } from '../json.ts';
import { IS_NO_TIME, toSeconds } from '../times.ts';
import { toTraceId } from '../trace-id/trace-id.ts';
import type { SegmentDocument } from './segment.ts';
import { correctTimes } from './segment-times.ts';

const MAX_DOCUMENT_BYTES = 64 * 1024;
const SEGMENT_ID = /^[0-9a-f]{16}$/i;

/** An unreadable segment, as an `UnprocessedTraceSegment` of PutTraceSegments. */
export interface UnprocessedSegment {
  readonly Id?: string;
  readonly ErrorCode: string;
  readonly Message: string;
}

/**
 * Adds a document to the journal: a segment, a subsegment, or an array of them. Records unreadable ones and
 * returns them with X-Ray's error codes.
 * https://docs.aws.amazon.com/xray/latest/devguide/xray-api-segmentdocuments.html
 */
export function keepSegments(journal: Journal, document: string): UnprocessedSegment[] {
  const unprocessed: UnprocessedSegment[] = [];
  const refuse = (ErrorCode: string, reason: string, sample: string, Id?: string) => {
    journal.recordUnreadable('xray', reason, sample);
    unprocessed.push({ ...(Id && { Id }), ErrorCode, Message: `Invalid segment. ErrorCode: ${ErrorCode}` });
  };
  const values = parseDocument(document, refuse);
  for (const value of values) {
    const fault = faultOf(value);
    if (fault) {
      const id = isRecord(value) && typeof value.id === 'string' ? value.id.slice(0, 100) : undefined;
      refuse(fault[0], fault[1], JSON.stringify(value), id);
      continue;
    }
    const segment = correctTimes(value as SegmentDocument);
    journal.add({ kind: 'segment', ...idsOf(segment), receivedAt: Date.now(), segment });
  }
  return unprocessed;
}

function parseDocument(
  document: string,
  refuse: (code: string, reason: string, sample: string) => void,
): readonly unknown[] {
  if (Buffer.byteLength(document) > MAX_DOCUMENT_BYTES) {
    refuse('InvalidSegment', `the segment is larger than ${MAX_DOCUMENT_BYTES} bytes`, document);
    return [];
  }
  try {
    const value = parseJson(document);
    return Array.isArray(value) && value.length > 0 ? value : [value];
  } catch (error) {
    if (!(error instanceof UnreadableInput)) throw error;
    refuse('ParseError', error.message, document);
    return [];
  }
}

/** A segment with an id of its own in X-Ray has the one of its caller in the annotation `otel_trace_id`. */
function idsOf({ trace_id: traceId, annotations }: SegmentDocument): Pick<Entry, 'traceId' | 'alias'> {
  const own = toTraceId(traceId);
  const caller = toTraceId(asRecord(annotations).otel_trace_id) ?? own;
  return caller === own ? { traceId: own } : { traceId: caller, alias: own };
}

/** Returns X-Ray's error code for an invalid segment, and the reason in words. */
function faultOf(segment: unknown): [code: string, reason: string] | undefined {
  if (Array.isArray(segment)) return ['MissingId', 'the segment is not an object'];
  if (!isRecord(segment)) return ['ParseError', 'the segment is not an object'];
  const { id, trace_id: traceId, name, start_time: startTime } = segment;
  if (id === undefined) return ['MissingId', 'the segment has no id'];
  if (typeof id !== 'string' || !SEGMENT_ID.test(id)) return ['InvalidId', 'the segment has no valid id'];
  if (traceId === undefined) return ['MissingTraceId', 'the segment has no trace_id'];
  if (!toTraceId(traceId)) return ['InvalidTraceId', 'the segment has no valid trace_id'];
  if (typeof name !== 'string') return ['MissingName', 'the segment has no name'];
  if (typeof startTime !== 'number') return ['MissingStartTime', 'the segment has no start_time'];
  if (toSeconds(startTime) === undefined) {
    return ['InvalidStartTime', `the segment's start_time ${startTime} ${IS_NO_TIME}`];
  }
  return undefined;
}
