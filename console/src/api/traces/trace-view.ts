import type { LogEvent } from '../../journal/entries.ts';
import type { Journal } from '../../journal/journal.ts';
import { parseLogFields } from '../../journal/log-fields.ts';
import { assembleSegments } from '../../xray/segment.ts';
import type { LogLine, TraceView } from '../types.ts';
import { notesOf } from './notes.ts';

/** Returns all entries of a trace, ordered by time; undefined when the journal has none. */
export function viewTrace(journal: Journal, traceId: string): TraceView | undefined {
  const summary = journal.summary(traceId);
  if (summary === undefined) return undefined;
  const entries = journal.byTrace(traceId);
  const view = {
    summary,
    spans: entries
      .flatMap((entry) => (entry.kind === 'span' ? [entry.span] : []))
      .sort((a, b) => a.startTime - b.startTime),
    segments: assembleSegments(
      entries.flatMap((entry) => (entry.kind === 'segment' ? [entry.segment] : [])),
    ).sort((a, b) => a.start_time - b.start_time),
    logs: entries
      .flatMap((entry) => (entry.kind === 'log' ? [toLine(entry.log)] : []))
      .sort((a, b) => a.timestamp - b.timestamp),
    errors: entries.flatMap((entry) => (entry.kind === 'error' ? [entry.item] : [])),
  };
  return { ...view, notes: notesOf(view, journal.counts().received) };
}

function toLine(log: LogEvent): LogLine {
  const fields = parseLogFields(log.message);
  return fields === undefined ? log : { ...log, fields };
}
