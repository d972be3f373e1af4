import type { Protocol } from '../http/receiver.ts';
import type { Entry, EntryKind } from './entries.ts';
import { createEntryStore, type EntryStore } from './entry-store.ts';
import { createSinkCounts, PROTOCOL_OF, type SinkStatus, type Unread } from './sink-counts.ts';
import type { TraceSummary } from './summary/trace-summary.ts';

const DEFAULT_MAX_BYTES = 64 * 1024 * 1024;

export interface JournalOptions {
  readonly maxBytes?: number;
}

/** Counted, but not stored. */
type Counted = 'metrics' | 'otlpLogs';

interface JournalCounts {
  readonly received: Readonly<Record<EntryKind, number>>;
  readonly unread: Readonly<Record<Protocol, number>>;
  readonly counted: Readonly<Record<Counted, number>>;
  /** The number of entries that were removed to make room. */
  readonly evicted: number;
  readonly bytes: number;
  readonly maxBytes: number;
}

interface JournalListener {
  /** Called after an entry was added. `summary` is its trace's, `line` is the entry as one line of JSON. */
  added?(entry: Entry, summary: TraceSummary | undefined, line: string): void;
  /** Called after input arrived that is only counted, or unreadable. */
  counted?(): void;
  cleared?(): void;
}

export interface Journal
  extends Pick<
    EntryStore,
    'entries' | 'byTrace' | 'logEvents' | 'summary' | 'summaries' | 'resolve' | 'reserve'
  > {
  add(entry: Entry): void;
  recordUnreadable(protocol: Protocol, reason: string, sample: string): void;
  count(what: Counted, number: number): void;
  /** Deletes all entries and resets all counts. */
  clear(): void;
  /** Returns the revision of the latest change of a trace, or of the last `clear`. */
  revision(): number;
  /** Returns the latest unreadable inputs, oldest first. */
  unread(): readonly Unread[];
  counts(): JournalCounts;
  sinks(): Readonly<Record<Protocol, SinkStatus>>;
  /** Calls the listener with each change. Returns a function that removes it. */
  subscribe(listener: JournalListener): () => void;
}

/** Creates an in-memory journal of up to `maxBytes`. It evicts whole traces, the oldest first. */
export function createJournal({ maxBytes = DEFAULT_MAX_BYTES }: JournalOptions = {}): Journal {
  let revision = 0;
  const store = createEntryStore(maxBytes, () => ++revision);
  const sinks = createSinkCounts();
  const listeners = new Set<JournalListener>();
  let counted: Record<Counted, number> = { metrics: 0, otlpLogs: 0 };

  const { entries, byTrace, logEvents, summary, summaries, resolve, reserve } = store;
  return {
    entries,
    byTrace,
    logEvents,
    summary,
    summaries,
    resolve,
    reserve,
    add(entry) {
      const line = JSON.stringify(entry);
      const merged = store.add(entry, line);
      sinks.received(entry.kind, entry.receivedAt);
      for (const listener of listeners) listener.added?.(entry, merged, line);
    },
    recordUnreadable(protocol, reason, sample) {
      sinks.recordUnreadable(protocol, reason, sample);
      for (const listener of listeners) listener.counted?.();
    },
    count(what, number) {
      counted[what] += number;
      for (const listener of listeners) listener.counted?.();
    },
    clear() {
      store.clear();
      sinks.clear();
      counted = { metrics: 0, otlpLogs: 0 };
      revision += 1;
      for (const listener of listeners) listener.cleared?.();
    },
    revision: () => revision,
    unread: sinks.unread,
    sinks: sinks.status,
    counts() {
      const status = sinks.status();
      return {
        received: mapValues(PROTOCOL_OF, (protocol) => status[protocol].received),
        unread: mapValues(status, ({ unread }) => unread),
        counted: { ...counted },
        evicted: store.evicted,
        bytes: store.bytes,
        maxBytes,
      };
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

function mapValues<K extends string, V, R>(
  record: Readonly<Record<K, V>>,
  map: (value: V) => R,
): Record<K, R> {
  const entries = Object.entries<V>(record).map(([key, value]) => [key, map(value)]);
  return Object.fromEntries(entries) as Record<K, R>;
}
