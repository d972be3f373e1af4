import type { LogEvent, RollbarItem } from '../../src/journal/entries.ts';
import { createJournal } from '../../src/journal/journal.ts';
import { parseLogFields } from '../../src/journal/log-fields.ts';
import type { Span } from '../../src/otlp/span.ts';
import { type Console, type ConsoleOptions, startConsole } from '../../src/server.ts';
import { assembleSegments, type SegmentDocument } from '../../src/xray/segment.ts';

/** A log event. `fields` is its parsed message, when the message is a JSON object. */
interface ReceivedLogEvent extends LogEvent {
  readonly fields: Readonly<Record<string, unknown>> | undefined;
}

/** A console on free ports, with everything that it has received. */
export interface Receivers extends Console {
  spans(): readonly Span[];
  /** Returns the segments. Subsegments that were sent separately are under their parents. */
  segments(): SegmentDocument[];
  logEvents(): readonly ReceivedLogEvent[];
  /** Returns the `data` of each Rollbar item. */
  reports(): readonly RollbarItem[];
}

/** Starts a console whose journal evicts nothing that a test sends. */
export async function startReceivers(options: ConsoleOptions = {}): Promise<Receivers> {
  const journal = createJournal({ maxBytes: 512 * 1024 * 1024 });
  const spans: Span[] = [];
  const documents: SegmentDocument[] = [];
  const logEvents: ReceivedLogEvent[] = [];
  const reports: RollbarItem[] = [];
  journal.subscribe({
    added(entry) {
      if (entry.kind === 'span') spans.push(entry.span);
      else if (entry.kind === 'segment') documents.push(entry.segment);
      else if (entry.kind === 'log') {
        logEvents.push({ ...entry.log, fields: parseLogFields(entry.log.message) });
      } else reports.push(entry.item);
    },
  });
  return {
    ...(await startConsole({ ...options, journal })),
    spans: () => spans,
    segments: () => assembleSegments(documents),
    logEvents: () => logEvents,
    reports: () => reports,
  };
}
