import type { Span } from '../otlp/span.ts';
import type { SegmentDocument } from '../xray/segment.ts';

/** A CloudWatch log event. `timestamp` is the sender's, in milliseconds since the epoch. */
export interface LogEvent {
  readonly group: string;
  readonly stream: string;
  readonly timestamp: number;
  readonly message: string;
}

/** A Rollbar item: the `data` of the request, as sent. */
export type RollbarItem = Record<string, unknown>;

interface Arrival {
  /** 32 hex digits; undefined when the sender named no trace. */
  readonly traceId: string | undefined;
  /** Another id of the same trace, as 32 hex digits: X-Ray's, where it refuses the id of the caller. */
  readonly alias?: string | undefined;
  /** Milliseconds since the epoch, by the console's clock. */
  readonly receivedAt: number;
}

export type Entry =
  | (Arrival & { readonly kind: 'span'; readonly span: Span })
  | (Arrival & { readonly kind: 'segment'; readonly segment: SegmentDocument })
  | (Arrival & { readonly kind: 'log'; readonly log: LogEvent })
  | (Arrival & { readonly kind: 'error'; readonly item: RollbarItem });

export type EntryKind = Entry['kind'];
