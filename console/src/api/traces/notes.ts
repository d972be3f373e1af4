import type { EntryKind } from '../../journal/entries.ts';
import type { Span } from '../../otlp/span.ts';
import type { SegmentDocument } from '../../xray/segment.ts';
import type { TraceView } from '../types.ts';

type Parts = Omit<TraceView, 'notes'>;

/**
 * Says in plain words which systems are missing in a trace. `received` counts the entries of all traces:
 * where it is 0, the system may be off; otherwise this trace was not sampled.
 */
export function notesOf(view: Parts, received: Readonly<Record<EntryKind, number>>): string[] {
  const { spans, segments, logs, errors, summary } = view;
  const notes: string[] = [];
  if (spans.length === 0) {
    notes.push(
      received.span > 0
        ? 'no spans: not sampled by OpenTelemetry, or not sent yet'
        : 'no spans: not sampled, or OTEL_EXPORTER_OTLP_ENDPOINT is not set',
    );
  }
  if (segments.length === 0) {
    notes.push(
      received.segment > 0
        ? 'not sampled by X-Ray'
        : 'no segments: not sampled by X-Ray, or AWS_XRAY_DAEMON_ADDRESS is not set',
    );
  }
  if (logs.length === 0) {
    notes.push(
      received.log > 0
        ? 'no log lines: none has its trace id, or not sent yet'
        : 'no log lines: CLOUDWATCH_LOG_GROUP or AWS_ENDPOINT_URL_CLOUDWATCH_LOGS is not set',
    );
  }
  if (summary.failed && errors.length === 0) {
    notes.push(
      received.error > 0
        ? 'failed, and not reported to Rollbar'
        : 'failed, and not reported to Rollbar: ROLLBAR_ACCESS_TOKEN or ROLLBAR_ENDPOINT may not be set',
    );
  }
  return [...notes, ...notesOnSpans(spans), ...notesOnSegments(segments)];
}

/** A server or consumer span may have its parent in another program. Any other span has it in this one. */
function notesOnSpans(spans: readonly Span[]): string[] {
  const ids = new Set(spans.map(({ spanId }) => spanId));
  const orphans = spans.filter(
    ({ parentSpanId, kind }) =>
      parentSpanId !== undefined && !ids.has(parentSpanId) && kind !== 'server' && kind !== 'consumer',
  );
  return orphans.length === 0 ? [] : [`${orphans.length} of its spans have a parent that has not arrived`];
}

function notesOnSegments(segments: readonly SegmentDocument[]): string[] {
  const apart = segments.filter(({ type }) => type === 'subsegment').length;
  const open = segments.filter((segment) => segment.in_progress === true).length;
  return [
    ...(apart > 0 ? [`${apart} of its subsegments have a parent that has not arrived`] : []),
    ...(open > 0 ? [`${open} of its segments are in progress`] : []),
  ];
}
