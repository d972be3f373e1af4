import { toTraceId } from '../trace-id.ts';
import type { Entry, LogEvent } from './entries.ts';
import { createLogIndex } from './log-index.ts';
import { createSlabs } from './slabs.ts';
import { createTraceIndex } from './trace-index.ts';
import type { TraceSummary } from './trace-summary.ts';

const SLAB_BYTES = 1024 * 1024;
/** A small store makes room in small steps. */
const MIN_SLABS = 16;
/** What the summary of a trace costs, with its share of the index. */
const TRACE_BYTES = 1024;
/** What the places of an entry cost in the indexes. */
const ENTRY_BYTES = 24;

/** A log event as it is kept; `id` is its own, and counts up. */
export interface KeptLogEvent extends LogEvent {
  readonly id: number;
  readonly receivedAt: number;
}

/** The entries themselves, and what finds them. Ids of traces may have any of their forms. */
export interface EntryStore {
  readonly bytes: number;
  /** Entries that made room for newer ones. */
  readonly evicted: number;
  /** Keeps an entry, of which `line` is the JSON; returns the summary of its trace. */
  add(entry: Entry, line: string): TraceSummary | undefined;
  /** All that is kept, in the order of arrival. */
  entries(): Entry[];
  /** What is kept of one trace, in the order of arrival. */
  byTrace(id: string): Entry[];
  /** The log events of a group with timestamps from `start` up to before `end`, in the order of arrival. */
  logEvents(group: string, start?: number, end?: number): Generator<KeptLogEvent>;
  summary(id: string): TraceSummary | undefined;
  /** Of all traces that are kept; the one that came first is the first. */
  summaries(): Iterable<TraceSummary>;
  clear(): void;
}

/** Keeps entries up to `maxBytes`: the oldest slab makes room, and each trace that began in it goes, whole. */
export function createEntryStore(maxBytes: number, nextRevision: () => number): EntryStore {
  const slabs = createSlabs(Math.min(SLAB_BYTES, Math.ceil(maxBytes / MIN_SLABS)));
  const traces = createTraceIndex(nextRevision);
  const logs = createLogIndex();
  let untraced: number[] = [];
  let kept = 0;
  let evicted = 0;

  function bytes(): number {
    return slabs.bytes + traces.size * TRACE_BYTES + kept * ENTRY_BYTES;
  }

  function dropOldest(): void {
    const start = slabs.dropOldest();
    const left = untraced.filter((place) => place >= start);
    const dropped = traces.dropBefore(start) + untraced.length - left.length;
    untraced = left;
    logs.dropBefore(start);
    kept -= dropped;
    evicted += dropped;
  }

  function read(place: number): Entry {
    return JSON.parse(slabs.read(place));
  }

  /** What is left of a trace that was dropped stays in the newer slabs until they go. */
  function isKept({ traceId }: Entry, place: number): boolean {
    return traceId === undefined || traces.has(traceId, place);
  }

  return {
    get bytes() {
      return bytes();
    },
    get evicted() {
      return evicted;
    },
    add(entry, line) {
      const size = Buffer.byteLength(line);
      if (size + 1 + ENTRY_BYTES + TRACE_BYTES > maxBytes) {
        evicted += 1;
        return undefined;
      }
      while (bytes() + slabs.cost(size) + ENTRY_BYTES + TRACE_BYTES > maxBytes) dropOldest();
      const place = slabs.append(line, size);
      kept += 1;
      if (entry.kind === 'log') logs.add(entry.log.group, entry.log.timestamp, place);
      if (entry.traceId !== undefined) return traces.add(entry.traceId, entry, place);
      untraced.push(place);
      return undefined;
    },
    entries() {
      const entries: Entry[] = [];
      for (const place of slabs.places()) {
        const entry = read(place);
        if (isKept(entry, place)) entries.push(entry);
      }
      return entries;
    },
    byTrace: (id) => traces.places(toTraceId(id) ?? '').map(read),
    *logEvents(group, start = 0, end = Number.POSITIVE_INFINITY) {
      for (const place of logs.places(group, start, end)) {
        const entry = read(place);
        if (entry.kind !== 'log' || !isKept(entry, place)) continue;
        yield { ...entry.log, receivedAt: entry.receivedAt, id: place };
      }
    },
    summary: (id) => traces.summary(toTraceId(id) ?? ''),
    summaries: traces.summaries,
    clear() {
      slabs.clear();
      traces.clear();
      logs.clear();
      untraced = [];
      kept = 0;
      evicted = 0;
    },
  };
}
