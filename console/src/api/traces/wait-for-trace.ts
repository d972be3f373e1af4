import type { Entry } from '../../journal/entries.ts';
import type { Journal } from '../../journal/journal.ts';
import type { TraceSummary } from '../../journal/summary/trace-summary.ts';
import type { Condition } from './conditions.ts';

/**
 * Waits until the journal has a trace that meets all conditions. Resolves with the unmet conditions, as soon
 * as there are none, after `waitMs`, or when `signal` aborts.
 */
export function waitForTrace(
  journal: Journal,
  traceId: string,
  conditions: readonly Condition[],
  waitMs: number,
  signal: AbortSignal,
): Promise<readonly Condition[]> {
  let unmet = conditions;
  const meet = (entry: Entry) => {
    unmet = unmet.filter((condition) => !condition.matches(entry));
  };
  /** An entry can make two traces one. Each then has one more id. */
  let ids = 0;
  const meetAll = () => {
    ids = idsOf(journal.summary(traceId));
    for (const entry of journal.byTrace(traceId)) meet(entry);
  };
  meetAll();
  const isDone = () => unmet.length === 0 && journal.summary(traceId) !== undefined;
  if (waitMs === 0 || isDone()) return Promise.resolve(unmet);

  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      leave();
      signal.removeEventListener('abort', end);
      resolve(unmet);
    };
    const leave = journal.subscribe({
      added(entry, summary) {
        if (summary?.traceId !== journal.resolve(traceId)) return;
        if (idsOf(summary) === ids) meet(entry);
        else meetAll();
        if (isDone()) end();
      },
      cleared() {
        unmet = conditions;
      },
    });
    const timer = setTimeout(end, waitMs);
    signal.addEventListener('abort', end);
  });
}

function idsOf(summary: TraceSummary | undefined): number {
  return summary === undefined ? 0 : 1 + (summary.aliases?.length ?? 0);
}
