import type { SinkCounters } from '../delivery/sink-counters.ts';
import type { FoldedReport } from './folding.ts';

/** The counters for a queue of reports. */
export interface OccurrenceCounters {
  readonly sink: SinkCounters;
  /** A report is passed to the queue. */
  enter(folded: FoldedReport): void;
  /** A report leaves the queue. What the queue counts next is about this report. */
  release(folded: FoldedReport): void;
}

/**
 * Creates counters that count a report as often as what it stands for occurred. Nothing counts as accepted
 * here, since each occurrence was when it happened.
 */
export function countOccurrences(sink: SinkCounters): OccurrenceCounters {
  let held = 0;
  let leaving = 0;

  /** The queue counts one report that it released, or all that it still holds. */
  function take(): number {
    const count = leaving > 0 ? leaving : held;
    if (leaving === 0) held = 0;
    leaving = 0;
    return count;
  }

  return {
    sink: {
      ...sink,
      accepted: () => {},
      sent: () => sink.sent(take()),
      dropped: (_reports, reason) => sink.dropped(take(), reason),
    },
    enter({ occurrences }) {
      held += occurrences;
    },
    release({ occurrences }) {
      held -= occurrences;
      leaving = occurrences;
    },
  };
}
