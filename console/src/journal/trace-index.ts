import type { Entry } from './entries.ts';
import { type MergedSummary, mergeSummary } from './summary/merge-summary.ts';
import type { TraceSummary } from './summary/trace-summary.ts';

interface Trace {
  merged: MergedSummary;
  /** The offsets of its entries, in the order of arrival. */
  offsets: number[];
  readonly aliases: string[];
}

/** A caller may name one trace for many requests, each with another id in X-Ray. */
const MAX_ALIASES = 20;

/** Stores the summary of each trace and the offsets of its entries. */
export interface TraceIndex {
  readonly size: number;
  /** The number of other ids, over all traces. */
  readonly aliases: number;
  /** Returns the id under which a trace is stored, from any of its ids. */
  resolve(traceId: string): string;
  add(traceId: string, entry: Entry, offset: number): void;
  /**
   * Adds another id of a trace, up to 20. A trace that was stored under it becomes a part of the first.
   * `read` returns the entry at an offset.
   */
  addAlias(traceId: string, alias: string, read: (offset: number) => Entry): void;
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
  const idOfAlias = new Map<string, string>();

  function merge(known: MergedSummary | undefined, traceId: string, entry: Entry): MergedSummary {
    return mergeSummary(known, traceId, entry, nextRevision());
  }

  function remove(traceId: string, { aliases }: Trace): void {
    traces.delete(traceId);
    for (const alias of aliases) idOfAlias.delete(alias);
  }

  return {
    get size() {
      return traces.size;
    },
    get aliases() {
      return idOfAlias.size;
    },
    resolve: (traceId) => idOfAlias.get(traceId) ?? traceId,
    add(traceId, entry, offset) {
      const trace = traces.get(traceId);
      const merged = merge(trace?.merged, traceId, entry);
      if (trace === undefined) {
        traces.set(traceId, { merged, offsets: [offset], aliases: [] });
      } else {
        trace.merged = merged;
        trace.offsets.push(offset);
      }
    },
    addAlias(traceId, alias, read) {
      const trace = traces.get(traceId);
      if (!trace || alias === traceId || idOfAlias.has(alias)) return;
      const part = traces.get(alias);
      const added = [alias, ...(part?.aliases ?? [])];
      if (trace.aliases.length + added.length > MAX_ALIASES) return;
      if (part) {
        remove(alias, part);
        trace.offsets = [...trace.offsets, ...part.offsets].sort((a, b) => a - b);
        for (const offset of part.offsets) trace.merged = merge(trace.merged, traceId, read(offset));
      }
      for (const each of added) idOfAlias.set(each, traceId);
      trace.aliases.push(...added);
      const summary = { ...trace.merged.summary, aliases: [...trace.aliases] };
      trace.merged = { ...trace.merged, summary };
    },
    offsets: (traceId) => traces.get(traceId)?.offsets ?? [],
    summary: (traceId) => traces.get(traceId)?.merged.summary,
    *summaries() {
      for (const { merged } of traces.values()) yield merged.summary;
    },
    has: (traceId, offset) => (traces.get(traceId)?.offsets[0] ?? Number.POSITIVE_INFINITY) <= offset,
    dropBefore(offset) {
      let dropped = 0;
      // All of them: a trace that took up another one may begin earlier than its place says.
      for (const [traceId, trace] of traces) {
        if ((trace.offsets[0] ?? 0) >= offset) continue;
        remove(traceId, trace);
        dropped += trace.offsets.length;
      }
      return dropped;
    },
    clear() {
      traces.clear();
      idOfAlias.clear();
    },
  };
}
