import { Unreadable } from '../http/receiver.ts';
import type { Journal } from '../journal/journal.ts';
import { isRecord, parseJson } from '../json.ts';
import { toTraceId } from '../trace-id.ts';
import type { SegmentDocument } from './segment.ts';

const SEGMENT_ID = /^[0-9a-f]{16}$/i;

/**
 * Keeps one datagram of the X-Ray daemon's protocol: the header `{"format":"json","version":1}`, a newline,
 * a segment or a subsegment. https://docs.aws.amazon.com/xray/latest/devguide/xray-api-sendingdata.html
 */
export function receiveDatagram(journal: Journal, datagram: Buffer): void {
  const text = datagram.toString();
  try {
    const segment = readSegment(text);
    journal.add({ kind: 'segment', traceId: toTraceId(segment.trace_id), receivedAt: Date.now(), segment });
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    journal.couldNotRead('xray', error.message, text);
  }
}

function readSegment(text: string): SegmentDocument {
  const end = text.indexOf('\n');
  if (end < 0) throw new Unreadable(400, 'no header line');
  const header = parseJson(text.slice(0, end));
  if (!isRecord(header) || header.format !== 'json' || header.version !== 1) {
    throw new Unreadable(400, 'the header is not {"format":"json","version":1}');
  }
  const segment = parseJson(text.slice(end + 1));
  if (!isRecord(segment)) throw new Unreadable(400, 'the segment is not an object');
  if (typeof segment.id !== 'string' || !SEGMENT_ID.test(segment.id)) {
    throw new Unreadable(400, 'the segment has no valid id');
  }
  if (!toTraceId(segment.trace_id)) throw new Unreadable(400, 'the segment has no valid trace_id');
  if (typeof segment.name !== 'string') throw new Unreadable(400, 'the segment has no name');
  if (typeof segment.start_time !== 'number') throw new Unreadable(400, 'the segment has no start_time');
  return segment as unknown as SegmentDocument;
}
