import type { LogEvent, RollbarItem } from '../journal/entries.ts';
import type { SinkStatus, Unread } from '../journal/sink-counts.ts';
import type { TraceSummary } from '../journal/summary/trace-summary.ts';
import type { Span } from '../otlp/span.ts';
import type { RecordingStatus } from '../recording/recording-files.ts';
import type { SegmentDocument } from '../xray/segment.ts';

export type { RollbarItem, SegmentDocument, SinkStatus, Span, TraceSummary, Unread };

/** A log event. `fields` is its parsed message, when the message is a JSON object. */
export interface LogLine extends LogEvent {
  readonly fields?: Readonly<Record<string, unknown>>;
}

/** All that the console has of one trace. */
export interface TraceView {
  readonly summary: TraceSummary;
  readonly spans: readonly Span[];
  /** Includes subsegments that were sent separately, under their parents. */
  readonly segments: readonly SegmentDocument[];
  readonly logs: readonly LogLine[];
  readonly errors: readonly RollbarItem[];
  /** Which systems are missing in this trace, in plain words. */
  readonly notes: readonly string[];
}

export interface ConsoleStatus {
  /** Changes with each start of the console. */
  readonly epoch: string;
  readonly startedAt: number;
  readonly memory: { readonly bytes: number; readonly maxBytes: number; readonly evicted: number };
  readonly sinks: Readonly<Record<'otlp' | 'xray' | 'cloudwatch-logs' | 'rollbar', SinkStatus>>;
  /** OTLP metrics and logs are only counted. */
  readonly counted: { readonly metrics: number; readonly otlpLogs: number };
  readonly unread: readonly Unread[];
  /** The recording that was loaded, and the one that is being written. */
  readonly runFiles: RecordingStatus;
  /** The environment variables with which a program sends to this console. */
  readonly variables: Readonly<Record<string, string>>;
}
