import type { Protocol } from '../http/receiver.ts';
import { toTraceId } from '../trace-id.ts';
import type { Entry, EntryKind } from './entries.ts';

/** What each entry costs beside its text: the string's header, its slot, its share of the index. */
const ENTRY_OVERHEAD_BYTES = 128;
const UNREAD_KEPT = 100;
const UNREAD_SAMPLE_LENGTH = 500;

/** Something that arrived and could not be read. */
interface Unread {
  readonly protocol: Protocol;
  readonly reason: string;
  readonly receivedAt: number;
  /** The beginning of what arrived. */
  readonly sample: string;
}

interface JournalCounts {
  readonly received: Readonly<Record<EntryKind, number>>;
  readonly unread: Readonly<Record<Protocol, number>>;
  /** Entries that made room for newer ones. */
  readonly evicted: number;
  readonly bytes: number;
}

export interface Journal {
  add(entry: Entry): void;
  couldNotRead(protocol: Protocol, reason: string, sample: string): void;
  /** All that is kept, in the order of arrival. */
  entries(): Entry[];
  /** What is kept of one trace, in the order of arrival; the id may have any of its forms. */
  byTrace(id: string): Entry[];
  /** The latest things that could not be read, oldest first. */
  unread(): readonly Unread[];
  counts(): JournalCounts;
  /** Calls `listener` with each entry from now on; returns what ends that. */
  subscribe(listener: (entry: Entry) => void): () => void;
}

interface Trace {
  readonly lines: string[];
  bytes: number;
}

/** Keeps what arrives, in memory, up to `maxBytes`; the trace that began first goes first. */
export function createJournal(maxBytes = 64 * 1024 * 1024): Journal {
  const traces = new Map<string, Trace>();
  const unread: Unread[] = [];
  const listeners = new Set<(entry: Entry) => void>();
  const received: Record<EntryKind, number> = { span: 0, segment: 0, log: 0, error: 0 };
  const unreadCount: Record<Protocol, number> = {
    otlp: 0,
    xray: 0,
    'cloudwatch-logs': 0,
    rollbar: 0,
    unknown: 0,
  };
  let untraced = 0;
  let evicted = 0;
  let bytes = 0;

  function keep(key: string, line: string): void {
    const trace = traces.get(key) ?? { lines: [], bytes: 0 };
    if (trace.lines.length === 0) traces.set(key, trace);
    const size = Buffer.byteLength(line) + ENTRY_OVERHEAD_BYTES;
    trace.lines.push(line);
    trace.bytes += size;
    bytes += size;
    for (const [oldest, { lines, bytes: freed }] of traces) {
      if (bytes <= maxBytes) return;
      traces.delete(oldest);
      evicted += lines.length;
      bytes -= freed;
    }
  }

  return {
    add: (entry) => {
      keep(entry.traceId ?? `untraced ${untraced++}`, JSON.stringify(entry));
      received[entry.kind] += 1;
      for (const listener of listeners) listener(entry);
    },
    couldNotRead: (protocol, reason, sample) => {
      unreadCount[protocol] += 1;
      unread.push({
        protocol,
        reason,
        receivedAt: Date.now(),
        sample: sample.slice(0, UNREAD_SAMPLE_LENGTH),
      });
      if (unread.length > UNREAD_KEPT) unread.shift();
    },
    entries: () =>
      [...traces.values()]
        .flatMap(({ lines }) => lines.map(parse))
        .sort((a, b) => a.receivedAt - b.receivedAt),
    byTrace: (id) => traces.get(toTraceId(id) ?? '')?.lines.map(parse) ?? [],
    unread: () => [...unread],
    counts: () => ({ received: { ...received }, unread: { ...unreadCount }, evicted, bytes }),
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

function parse(line: string): Entry {
  return { traceId: undefined, ...JSON.parse(line) };
}
