import { asArray, asNumber, asRecord, isRecord } from '../../json.ts';
import type { SegmentDocument } from '../../xray/segment.ts';
import { type Finding, httpStatus, milliseconds, pathOfUrl, shortText } from './request-facts.ts';

/** Reads facts about a request from a segment, or from a subsegment that was sent separately. */
export function findInSegment(segment: SegmentDocument): Finding {
  const startedAt = milliseconds(segment.start_time * 1000);
  const name = shortText(segment.name);
  if (segment.type === 'subsegment') {
    return { source: 'any', facts: { startedAt, name }, failed: hasFault(segment) };
  }
  const { request, response } = asRecord(segment.http);
  const method = shortText(asRecord(request).method);
  const status = httpStatus(asRecord(response).status);
  return {
    source: method === undefined ? 'root' : 'segment',
    facts: {
      startedAt,
      name,
      service: name,
      method,
      path: pathOfUrl(asRecord(request).url),
      status,
      durationMs: milliseconds((asNumber(segment.end_time) - segment.start_time) * 1000),
    },
    failed: (status ?? 0) >= 500 || hasFault(segment),
  };
}

function hasFault(segment: Readonly<Record<string, unknown>>): boolean {
  if (segment.fault === true) return true;
  return asArray(segment.subsegments).some((child) => isRecord(child) && hasFault(child));
}
