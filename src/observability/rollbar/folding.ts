import type { Report } from './payload.ts';

/** Maximum number of kinds that are told apart, and of reports that wait. */
const MAX_KINDS = 500;
const FOLD_MS = 60_000;
const OTHER_KINDS = 'other kinds';

/** A report that stands for one or more occurrences. Times are as of `Report.occurredAt`. */
export interface FoldedReport {
  /** The first occurrence. */
  readonly report: Report;
  occurrences: number;
  lastAt: number;
}

interface Waiting extends FoldedReport {
  readonly dueAt: number;
}

/** A kind of report while it occurs at least once a minute. */
interface Kind {
  lastAt: number;
  reported: number;
}

export interface FoldingOptions {
  /** Whether a kind of which `reported` reports were sent already may have another one at once. */
  mayReport(reported: number, now: number): boolean;
  /** Whether a report that may not be sent at once waits for a minute, unless it is the first of its kind. */
  readonly collects: boolean;
  /** Returns the report of occurrences whose kinds are too many to tell them apart. */
  describeOthers(first: Report): Report;
}

/** Folds alike reports that cannot be sent at once into one. `now` is a time as `Clock.now` returns it. */
export interface Folding {
  /** Returns the report if it may be sent at once. Calls `capture` only if it is not folded into another. */
  add(key: string, now: number, occurredAt: number, capture: () => Report): FoldedReport | undefined;
  /** Returns the report that has waited longest, if it is due. */
  takeDue(now: number): FoldedReport | undefined;
  /** Returns all reports, and forgets them. */
  takeAll(): FoldedReport[];
  /** Returns how many reports wait. */
  size(): number;
  /** Returns when the next report is due; infinite if none waits. */
  nextDueAt(): number;
}

/** Creates the folding of faults, or of messages. It keeps at most 501 reports. */
export function createFolding({ mayReport, collects, describeOthers }: FoldingOptions): Folding {
  const kinds = new Map<string, Kind>();
  const waiting = new Map<string, Waiting>();

  /** Moves the kind to the end of the map, and forgets the one that has been silent longest. */
  function touch(key: string, now: number): Kind {
    const known = kinds.get(key);
    const kind = known !== undefined && now - known.lastAt <= FOLD_MS ? known : { lastAt: now, reported: 0 };
    kind.lastAt = now;
    kinds.delete(key);
    kinds.set(key, kind);
    if (kinds.size > MAX_KINDS) {
      const [silent = ''] = kinds.keys();
      kinds.delete(silent);
    }
    return kind;
  }

  function wait(key: string, dueAt: number, occurredAt: number, report: Report): void {
    waiting.set(key, { report, occurrences: 1, lastAt: occurredAt, dueAt });
  }

  function fold(folded: FoldedReport, occurredAt: number): undefined {
    folded.occurrences += 1;
    folded.lastAt = occurredAt;
  }

  return {
    add(key, now, occurredAt, capture) {
      const kind = touch(key, now);
      const alike = waiting.get(key);
      if (alike !== undefined) return fold(alike, occurredAt);
      if (mayReport(kind.reported, now)) {
        const report = capture();
        kind.reported += 1;
        return { report, occurrences: 1, lastAt: occurredAt };
      }
      const others = waiting.get(OTHER_KINDS);
      if (waiting.size < MAX_KINDS)
        wait(key, collects && kind.reported > 0 ? now + FOLD_MS : now, occurredAt, capture());
      else if (others === undefined) wait(OTHER_KINDS, now, occurredAt, describeOthers(capture()));
      else fold(others, occurredAt);
      return undefined;
    },

    takeDue(now) {
      for (const [key, folded] of waiting) {
        if (folded.dueAt > now) continue;
        waiting.delete(key);
        const kind = kinds.get(key);
        if (kind !== undefined) kind.reported += 1;
        return folded;
      }
      return undefined;
    },

    takeAll() {
      const all = [...waiting.values()];
      waiting.clear();
      return all;
    },

    size: () => waiting.size,

    nextDueAt: () => Math.min(...Array.from(waiting.values(), ({ dueAt }) => dueAt)),
  };
}
