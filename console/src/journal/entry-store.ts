import { toTraceId } from '../trace-id/trace-id.ts';
import type { Entry, LogEvent } from './entries.ts';
import { createLineArena } from './line-arena.ts';
import { createLogIndex } from './log-index.ts';
import type { TraceSummary } from './summary/trace-summary.ts';
import { createTraceIndex } from './trace-index.ts';

const CHUNK_BYTES = 1024 * 1024;
/** A small store uses smaller chunks, so that it evicts in small steps. */
const MIN_CHUNKS = 16;
/** Names of log groups and streams take at most this part of the memory: one in eight. */
const RESERVED_SHARE = 8;
/** Memory of a trace's summary and of its share of the index. */
const TRACE_BYTES = 1024;
/** Memory of another id of a trace. */
const ALIAS_BYTES = 256;
/** Memory of an entry's offsets in the indexes. */
const ENTRY_BYTES = 24;

/** A log event in the journal. Ids are unique and ascending. */
export interface KeptLogEvent extends LogEvent {
  readonly id: number;
  readonly receivedAt: number;
}

/** Stores entries and finds them. Trace ids may have any of their forms. */
export interface EntryStore {
  readonly bytes: number;
  /** The number of entries that were removed to make room. */
  readonly evicted: number;
  /** Adds an entry, whose JSON is `line`. Returns the summary of its trace. */
  add(entry: Entry, line: string): TraceSummary | undefined;
  /** Returns all entries in the order of arrival. */
  entries(): Entry[];
  /** Returns the entries of one trace in the order of arrival. */
  byTrace(id: string): Entry[];
  /** Yields a group's log events from `start` (inclusive) to `end` (exclusive), in the order of arrival. */
  logEvents(group: string, start?: number, end?: number): Generator<KeptLogEvent>;
  summary(id: string): TraceSummary | undefined;
  /** Returns the id under which a trace is stored, from any of its ids in any form; '' for no trace id. */
  resolve(id: string): string;
  /** Returns the summaries of all traces in the order in which the traces began to arrive. */
  summaries(): Iterable<TraceSummary>;
  /** Accounts for memory of others, at most an eighth of `maxBytes`, or frees it. Returns whether it fits. */
  reserve(bytes: number): boolean;
  clear(): void;
}

/** Stores up to `maxBytes`. To make room, it drops the oldest chunk and every trace that begins in it. */
export function createEntryStore(maxBytes: number, nextRevision: () => number): EntryStore {
  const arena = createLineArena(Math.min(CHUNK_BYTES, Math.ceil(maxBytes / MIN_CHUNKS)));
  const traces = createTraceIndex(nextRevision);
  const logs = createLogIndex();
  let untraced: number[] = [];
  let kept = 0;
  let evicted = 0;
  let reserved = 0;

  function bytes(): number {
    return (
      reserved + arena.bytes + traces.size * TRACE_BYTES + traces.aliases * ALIAS_BYTES + kept * ENTRY_BYTES
    );
  }

  function resolve(id: string): string {
    return traces.resolve(toTraceId(id) ?? '');
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

  /** Later entries of a dropped trace remain in newer chunks until those are dropped. */
  function isKept({ traceId }: Entry, offset: number): boolean {
    return traceId === undefined || traces.has(traces.resolve(traceId), offset);
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
      const others = ENTRY_BYTES + TRACE_BYTES + ALIAS_BYTES;
      if (reserved + size + 1 + others > maxBytes) {
        evicted += 1;
        return undefined;
      }
      while (bytes() + arena.cost(size) + others > maxBytes) dropOldest();
      const offset = arena.append(line, size);
      kept += 1;
      if (entry.kind === 'log') logs.add(entry.log.group, entry.log.timestamp, offset);
      if (entry.traceId === undefined) {
        untraced.push(offset);
        return undefined;
      }
      const traceId = traces.resolve(entry.traceId);
      traces.add(traceId, entry, offset);
      if (entry.alias !== undefined) traces.addAlias(traceId, entry.alias, read);
      return traces.summary(traceId);
    },
    entries() {
      const entries: Entry[] = [];
      for (const offset of arena.offsets()) {
        const entry = read(offset);
        if (isKept(entry, offset)) entries.push(entry);
      }
      return entries;
    },
    byTrace: (id) => traces.offsets(resolve(id)).map(read),
    *logEvents(group, start = 0, end = Number.POSITIVE_INFINITY) {
      for (const offset of logs.offsets(group, start, end)) {
        const entry = read(offset);
        if (entry.kind !== 'log' || !isKept(entry, offset)) continue;
        yield { ...entry.log, receivedAt: entry.receivedAt, id: offset };
      }
    },
    reserve(more) {
      if (more > 0 && reserved + more > maxBytes / RESERVED_SHARE) return false;
      reserved += more;
      while (bytes() > maxBytes && arena.bytes > 0) dropOldest();
      return true;
    },
    summary: (id) => traces.summary(resolve(id)),
    resolve,
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
