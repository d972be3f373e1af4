import { toTraceId } from '../trace-id.ts';
import type { Entry, LogEvent } from './entries.ts';
import { createLineArena } from './line-arena.ts';
import { createLogIndex } from './log-index.ts';
import type { TraceSummary } from './summary/trace-summary.ts';
import { createTraceIndex } from './trace-index.ts';

const CHUNK_BYTES = 1024 * 1024;
/** A small store makes room in small steps. */
const MIN_CHUNKS = 16;
/** What the summary of a trace costs, with its share of the index. */
const TRACE_BYTES = 1024;
/** What the offsets of an entry cost in the indexes. */
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

/** Keeps entries up to `maxBytes`: the oldest chunk makes room, and each trace that began in it goes, whole. */
export function createEntryStore(maxBytes: number, nextRevision: () => number): EntryStore {
  const arena = createLineArena(Math.min(CHUNK_BYTES, Math.ceil(maxBytes / MIN_CHUNKS)));
  const traces = createTraceIndex(nextRevision);
  const logs = createLogIndex();
  let untraced: number[] = [];
  let kept = 0;
  let evicted = 0;

  function bytes(): number {
    return arena.bytes + traces.size * TRACE_BYTES + kept * ENTRY_BYTES;
  }

  function dropOldest(): void {
    const start = arena.dropOldest();
    const left = untraced.filter((offset) => offset >= start);
    const dropped = traces.dropBefore(start) + untraced.length - left.length;
    untraced = left;
    logs.dropBefore(start);
    kept -= dropped;
    evicted += dropped;
  }

  function read(offset: number): Entry {
    return JSON.parse(arena.read(offset));
  }

  /** What is left of a trace that was dropped stays in the newer chunks until they go. */
  function isKept({ traceId }: Entry, offset: number): boolean {
    return traceId === undefined || traces.has(traceId, offset);
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
      while (bytes() + arena.cost(size) + ENTRY_BYTES + TRACE_BYTES > maxBytes) dropOldest();
      const offset = arena.append(line, size);
      kept += 1;
      if (entry.kind === 'log') logs.add(entry.log.group, entry.log.timestamp, offset);
      if (entry.traceId !== undefined) return traces.add(entry.traceId, entry, offset);
      untraced.push(offset);
      return undefined;
    },
    entries() {
      const entries: Entry[] = [];
      for (const offset of arena.offsets()) {
        const entry = read(offset);
        if (isKept(entry, offset)) entries.push(entry);
      }
      return entries;
    },
    byTrace: (id) => traces.offsets(toTraceId(id) ?? '').map(read),
    *logEvents(group, start = 0, end = Number.POSITIVE_INFINITY) {
      for (const offset of logs.offsets(group, start, end)) {
        const entry = read(offset);
        if (entry.kind !== 'log' || !isKept(entry, offset)) continue;
        yield { ...entry.log, receivedAt: entry.receivedAt, id: offset };
      }
    },
    summary: (id) => traces.summary(toTraceId(id) ?? ''),
    summaries: traces.summaries,
    clear() {
      arena.clear();
      traces.clear();
      logs.clear();
      untraced = [];
      kept = 0;
      evicted = 0;
    },
  };
}
