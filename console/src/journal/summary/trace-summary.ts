import type { EntryKind } from '../entries.ts';

/** One row of the list: what is known of a trace so far. Times are milliseconds since the epoch. */
export interface TraceSummary {
  /** 32 lower-case hex digits. */
  readonly traceId: string;
  /** Counts up over all traces, with each change of one. */
  readonly revision: number;
  /** When the request began, by the sender's clock; the arrival when nothing says it. */
  readonly startedAt: number;
  /** When the latest entry came, by the console's clock. */
  readonly receivedAt: number;
  /** What to call it: `GET /api/activities/home`, else the first root span's, segment's or line's own name. */
  readonly name: string;
  readonly service?: string;
  readonly method?: string;
  readonly route?: string;
  /** With its query, as the sender told it. */
  readonly path?: string;
  readonly status?: number;
  readonly durationMs?: number;
  readonly counts: Readonly<Record<EntryKind, number>>;
  /** A status of 500 or above, a fault, an error status of a span, or a report at level error or critical. */
  readonly failed: boolean;
}
