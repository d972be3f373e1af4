import type { Entry } from './entries.ts';
import { type MergedSummary, mergeSummary } from './summary/merge-summary.ts';
import type { TraceSummary } from './summary/trace-summary.ts';

interface Trace {
  merged: MergedSummary;
  /** The offsets of its entries, in the order of arrival. */
  readonly offsets: number[];
}

/** Stores the summary of each trace and the offsets of its entries. */
export interface TraceIndex {
  readonly size: number;
  add(traceId: string, entry: Entry, offset: number): TraceSummary;
  offsets(traceId: string): readonly number[];
  summary(traceId: string): TraceSummary | undefined;
  /** Yields the summaries in the order in which the traces began to arrive. */
  summaries(): Generator<TraceSummary>;
  /** Returns whether an entry belongs to a trace that was not dropped. */
  has(traceId: string, offset: number): boolean;
  /** Drops the traces that begin before `offset`. Returns how many entries they had. */
  dropBefore(offset: number): number;
  clear(): void;
}

export function createTraceIndex(nextRevision: () => number): TraceIndex {
  /** In the order of arrival, because a Map has the order of insertion. */
  const traces = new Map<string, Trace>();

  return {
    get size() {
      return traces.size;
    },
    add(traceId, entry, offset) {
      const trace = traces.get(traceId);
      const merged = mergeSummary(trace?.merged, traceId, entry, nextRevision());
      if (trace === undefined) {
        traces.set(traceId, { merged, offsets: [offset] });
      } else {
        trace.merged = merged;
        trace.offsets.push(offset);
      }
      return merged.summary;
    },
    offsets: (traceId) => traces.get(traceId)?.offsets ?? [],
    summary: (traceId) => traces.get(traceId)?.merged.summary,
    *summaries() {
      for (const { merged } of traces.values()) yield merged.summary;
    },
    has: (traceId, offset) => (traces.get(traceId)?.offsets[0] ?? Number.POSITIVE_INFINITY) <= offset,
    dropBefore(offset) {
      let dropped = 0;
      for (const [traceId, { offsets }] of traces) {
        if ((offsets[0] ?? 0) >= offset) break;
        traces.delete(traceId);
        dropped += offsets.length;
      }
      return dropped;
    },
    clear: () => traces.clear(),
  };
}
