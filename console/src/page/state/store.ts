import type { ConsoleStatus, TraceSummary } from '../../api/types.ts';

const MAX_TRACES = 10_000;

/** The data of the page: one summary per trace, and the status of the console. */
export interface Store {
  /** Newest first; returns the same array until something changes. */
  traces(): readonly TraceSummary[];
  /** Finds a trace by any of its ids. */
  trace(traceId: string): TraceSummary | undefined;
  /** Number of traces received in total, including dropped ones. */
  seen(): number;
  status(): ConsoleStatus | undefined;
  add(summaries: readonly TraceSummary[]): void;
  clear(): void;
  setStatus(status: ConsoleStatus): void;
  subscribe(listener: () => void): void;
}

/** Creates a store of the newest 10,000 traces. */
export function createStore(): Store {
  const byId = new Map<string, TraceSummary>();
  const listeners: (() => void)[] = [];
  let sorted: readonly TraceSummary[] | undefined = [];
  let seen = 0;
  let status: ConsoleStatus | undefined;

  function changed(): void {
    for (const listener of listeners) listener();
  }

  function newestFirst(): readonly TraceSummary[] {
    const all = [...byId.values()].sort(compareByAge);
    for (const { traceId } of all.splice(MAX_TRACES)) byId.delete(traceId);
    return all;
  }

  return {
    traces: () => {
      sorted ??= newestFirst();
      return sorted;
    },
    trace: (traceId) =>
      byId.get(traceId) ?? [...byId.values()].find(({ aliases }) => aliases?.includes(traceId)),
    seen: () => seen,
    status: () => status,
    add(summaries) {
      for (const summary of summaries) {
        if (!byId.has(summary.traceId)) seen += 1;
        byId.set(summary.traceId, summary);
        // It may have been a trace of its own until then.
        for (const alias of summary.aliases ?? []) byId.delete(alias);
      }
      if (byId.size > 2 * MAX_TRACES) newestFirst();
      sorted = undefined;
      changed();
    },
    clear() {
      byId.clear();
      sorted = [];
      changed();
    },
    setStatus(latest) {
      status = latest;
      changed();
    },
    subscribe: (listener) => listeners.push(listener),
  };
}

function compareByAge(a: TraceSummary, b: TraceSummary): number {
  return b.startedAt - a.startedAt || (a.traceId < b.traceId ? 1 : -1);
}
