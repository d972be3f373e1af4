import type { LogEvent, RollbarItem } from '../journal/entries.ts';
import type { SinkStatus, Unread } from '../journal/sink-counts.ts';
import type { TraceSummary } from '../journal/summary/trace-summary.ts';
import type { Span } from '../otlp/span.ts';
import type { RecordingStatus } from '../recording/recording-files.ts';
import type { SegmentDocument } from '../xray/segment.ts';

export type { RollbarItem, SegmentDocument, SinkStatus, Span, TraceSummary, Unread };

/** A log event; `fields` is its message parsed, when that is a JSON object. */
export interface LogLine extends LogEvent {
  readonly fields?: Readonly<Record<string, unknown>>;
}

/** Everything that is kept of one trace. */
export interface TraceView {
  readonly summary: TraceSummary;
  readonly spans: readonly Span[];
  /** Subsegments that were sent apart are under their parents. */
  readonly segments: readonly SegmentDocument[];
  readonly logs: readonly LogLine[];
  readonly errors: readonly RollbarItem[];
  /** What is in one system and missing in another, in plain words. */
  readonly notes: readonly string[];
}

export interface ConsoleStatus {
  /** Another one after each start of the console. */
  readonly epoch: string;
  readonly startedAt: number;
  readonly memory: { readonly bytes: number; readonly maxBytes: number; readonly evicted: number };
  readonly sinks: Readonly<Record<'otlp' | 'xray' | 'cloudwatch-logs' | 'rollbar', SinkStatus>>;
  /** OTLP metrics and logs, which are counted and not kept. */
  readonly counted: { readonly metrics: number; readonly otlpLogs: number };
  readonly unread: readonly Unread[];
  /** The saved run that was loaded, and the one that is being saved. */
  readonly runFiles: RecordingStatus;
  /** What another program sets to send here. */
  readonly variables: Readonly<Record<string, string>>;
}
