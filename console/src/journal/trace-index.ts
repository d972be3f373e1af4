import type { Entry } from './entries.ts';
import { type MergedSummary, mergeSummary } from './summary/merge-summary.ts';
import type { TraceSummary } from './summary/trace-summary.ts';

interface Trace {
  merged: MergedSummary;
  /** Of its entries, in the order of arrival. */
  readonly offsets: number[];
}

/** Where the entries of each trace are, and its summary. */
export interface TraceIndex {
  readonly size: number;
  add(traceId: string, entry: Entry, offset: number): TraceSummary;
  offsets(traceId: string): readonly number[];
  summary(traceId: string): TraceSummary | undefined;
  /** The trace that began first comes first. */
  summaries(): Generator<TraceSummary>;
  /** Whether an entry still belongs to its trace, or the trace was dropped before. */
  has(traceId: string, offset: number): boolean;
  /** Forgets the traces that began before `offset`; returns how many entries they had. */
  dropBefore(offset: number): number;
  clear(): void;
}

export function createTraceIndex(nextRevision: () => number): TraceIndex {
  /** In the order in which they began, for a Map keeps the order of insertion. */
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
