import type { EntryKind } from '../entries.ts';

/** One row of the list: what is known about a trace. Times are in milliseconds since the epoch. */
export interface TraceSummary {
  /** 32 lower-case hex digits. */
  readonly traceId: string;
  /** Other ids of the same trace. */
  readonly aliases?: readonly string[];
  /** Increases with each change of any trace. */
  readonly revision: number;
  /** When the request began, by the sender's clock; the time of arrival when it is unknown. */
  readonly startedAt: number;
  /** When the latest entry arrived, by the console's clock. */
  readonly receivedAt: number;
  /** Such as `GET /api/activities/home`; else the name of the first root span, segment or line. */
  readonly name: string;
  readonly service?: string;
  readonly method?: string;
  readonly route?: string;
  /** Includes the query, as sent. */
  readonly path?: string;
  readonly status?: number;
  readonly durationMs?: number;
  readonly counts: Readonly<Record<EntryKind, number>>;
  /** Has a status of 500 or above, a fault, a span with an error status, or an error report. */
  readonly failed: boolean;
}
