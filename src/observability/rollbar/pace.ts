import { withoutTracing } from '../suppress-tracing.ts';
import type { Clock } from './clock.ts';
import { kindOf } from './fault-kind.ts';
import { createFolding, type FoldedReport } from './folding.ts';
import type { Report } from './payload.ts';
import { createReportWindow } from './report-window.ts';

/** A kind of fault may use a tenth of the limit at once, and repetitions half of it. */
const SHARE_OF_KIND = 10;
const SHARE_OF_REPETITIONS = 2;
/** Messages may use a third, so that they never delay a fault. */
const SHARE_OF_MESSAGES = 3;

export interface PaceOptions {
  readonly itemsPerMinute: number;
  readonly clock: Clock;
  /** Sends a report. `left` must be called once for it. */
  send(folded: FoldedReport): void;
}

/** Decides when reports are sent, and which of them as one. */
export interface Pace {
  /** Sends or keeps the report that `capture` returns, or counts it for one that waits. May throw. */
  add(level: Report['level'], subject: unknown, capture: () => Report): void;
  /** A report that was passed to `send` was acknowledged or dropped. */
  left(folded: FoldedReport): void;
  /** Sends the reports that wait, at most as many as in a minute, the rest as one. Nothing waits later. */
  flush(): void;
}

/**
 * Creates the pace. At most `itemsPerMinute` reports are sent within any minute. The first report of a kind
 * goes at once, and so do some more; then one report a minute stands for all further ones. Faults go before
 * messages.
 */
export function createPace({ itemsPerMinute, clock, send }: PaceOptions): Pace {
  const total = createReportWindow(itemsPerMinute);
  const ofMessages = createReportWindow(Math.max(1, Math.floor(itemsPerMinute / SHARE_OF_MESSAGES)));
  const perKind = Math.max(1, Math.floor(itemsPerMinute / SHARE_OF_KIND));
  const faults = createFolding({
    mayReport: (reported, now) =>
      total.hasRoom(now) &&
      (reported === 0 || (reported < perKind && total.used(now) < itemsPerMinute / SHARE_OF_REPETITIONS)),
    collects: true,
    describeOthers: (first) => ({ ...first, subject: 'faults of many other kinds', request: undefined }),
  });
  const messages = createFolding({
    mayReport: (_reported, now) => total.hasRoom(now) && ofMessages.hasRoom(now),
    collects: false,
    describeOthers: (first) => ({ ...first, subject: 'many other messages', request: undefined }),
  });
  let cancel = () => {};

  function admit(folded: FoldedReport): void {
    total.enter();
    if (folded.report.level === 'warning') ofMessages.enter();
    send(folded);
  }

  function sendDue(): void {
    for (let now = clock.now(); total.hasRoom(now); now = clock.now()) {
      const due = faults.takeDue(now) ?? (ofMessages.hasRoom(now) ? messages.takeDue(now) : undefined);
      if (due === undefined) break;
      admit(due);
    }
    schedule();
  }

  function schedule(): void {
    cancel();
    const now = clock.now();
    const dueAt = Math.min(faults.nextDueAt(), Math.max(messages.nextDueAt(), ofMessages.freeAt(now)));
    const at = Math.max(dueAt, total.freeAt(now));
    cancel = Number.isFinite(at) ? withoutTracing(() => clock.after(at - now, sendDue)) : () => {};
  }

  return {
    add(level, subject, capture) {
      const folding = level === 'error' ? faults : messages;
      const waiting = folding.size();
      const atOnce = folding.add(kindOf(subject), clock.now(), clock.date(), capture);
      if (atOnce !== undefined) admit(atOnce);
      else if (folding.size() > waiting) schedule();
    },

    left({ report }) {
      total.leave(clock.now());
      if (report.level === 'warning') ofMessages.leave(clock.now());
      sendDue();
    },

    flush() {
      cancel();
      const all = [...faults.takeAll(), ...messages.takeAll()];
      if (all.length <= itemsPerMinute) return all.forEach(admit);
      const rest = all.splice(itemsPerMinute - 1);
      for (const folded of all) admit(folded);
      admit(asOne(rest));
    },
  };
}

/** Faults come first, so that one among them decides the level. */
function asOne(rest: readonly FoldedReport[]): FoldedReport {
  const { report } = rest[0] as FoldedReport;
  return {
    report: {
      ...report,
      subject: 'reports of many kinds, left at the end of the process',
      request: undefined,
    },
    occurrences: rest.reduce((sum, { occurrences }) => sum + occurrences, 0),
    lastAt: Math.max(...rest.map(({ lastAt }) => lastAt)),
  };
}
