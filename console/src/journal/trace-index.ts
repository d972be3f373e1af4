import type { Entry } from './entries.ts';
import { type FoldedSummary, foldSummary } from './fold-summary.ts';
import type { TraceSummary } from './trace-summary.ts';

interface Trace {
  folded: FoldedSummary;
  /** Of its entries, in the order of arrival. */
  readonly places: number[];
}

/** Where the entries of each trace are, and its summary. */
export interface TraceIndex {
  readonly size: number;
  add(traceId: string, entry: Entry, place: number): TraceSummary;
  places(traceId: string): readonly number[];
  summary(traceId: string): TraceSummary | undefined;
  /** The trace that began first comes first. */
  summaries(): Generator<TraceSummary>;
  /** Whether an entry still belongs to its trace, or the trace was dropped before. */
  has(traceId: string, place: number): boolean;
  /** Forgets the traces that began before `place`; returns how many entries they had. */
  dropBefore(place: number): number;
  clear(): void;
}

export function createTraceIndex(nextRevision: () => number): TraceIndex {
  /** In the order in which they began, for a Map keeps the order of insertion. */
  const traces = new Map<string, Trace>();

  return {
    get size() {
      return traces.size;
    },
    add(traceId, entry, place) {
      const trace = traces.get(traceId);
      const folded = foldSummary(trace?.folded, traceId, entry, nextRevision());
      if (trace === undefined) {
        traces.set(traceId, { folded, places: [place] });
      } else {
        trace.folded = folded;
        trace.places.push(place);
      }
      return folded.summary;
    },
    places: (traceId) => traces.get(traceId)?.places ?? [],
    summary: (traceId) => traces.get(traceId)?.folded.summary,
    *summaries() {
      for (const { folded } of traces.values()) yield folded.summary;
    },
    has: (traceId, place) => (traces.get(traceId)?.places[0] ?? Number.POSITIVE_INFINITY) <= place,
    dropBefore(place) {
      let dropped = 0;
      for (const [traceId, { places }] of traces) {
        if ((places[0] ?? 0) >= place) break;
        traces.delete(traceId);
        dropped += places.length;
      }
      return dropped;
    },
    clear: () => traces.clear(),
  };
}
