import type { Protocol } from '../http/receiver.ts';
import type { EntryKind } from './entries.ts';

/** Counts of one protocol. Times are in milliseconds since the epoch. */
export interface SinkStatus {
  readonly received: number;
  readonly lastReceivedAt: number | null;
  readonly unread: number;
  /** Why the latest unreadable input could not be read. */
  readonly lastUnread: string | null;
}

/** An input that could not be read. */
export interface Unread {
  readonly protocol: Protocol;
  readonly reason: string;
  readonly receivedAt: number;
  /** The beginning of the input. */
  readonly sample: string;
}

const UNREAD_KEPT = 100;
const UNREAD_SAMPLE_LENGTH = 500;

export const PROTOCOL_OF: Readonly<Record<EntryKind, Protocol>> = {
  span: 'otlp',
  segment: 'xray',
  log: 'cloudwatch-logs',
  error: 'rollbar',
};

export interface SinkCounts {
  received(kind: EntryKind, receivedAt: number): void;
  recordUnreadable(protocol: Protocol, reason: string, sample: string): void;
  /** Returns the latest unreadable inputs, oldest first. */
  unread(): readonly Unread[];
  status(): Record<Protocol, SinkStatus>;
  clear(): void;
}

/** Counts the input of each protocol, and stores samples of the latest unreadable inputs. */
export function createSinkCounts(): SinkCounts {
  let sinks = newSinks();
  let unread: Unread[] = [];
  return {
    received(kind, receivedAt) {
      const sink = sinks[PROTOCOL_OF[kind]];
      sink.received += 1;
      sink.lastReceivedAt = receivedAt;
    },
    recordUnreadable(protocol, reason, sample) {
      const latest = {
        protocol,
        reason: part(reason),
        receivedAt: Date.now(),
        sample: part(sample),
      };
      sinks[protocol].unread += 1;
      sinks[protocol].lastUnread = latest.reason;
      unread.push(latest);
      if (unread.length > UNREAD_KEPT) unread.shift();
    },
    unread: () => [...unread],
    status: () => structuredClone(sinks),
    clear() {
      sinks = newSinks();
      unread = [];
    },
  };
}

function newSinks() {
  const none = () => ({
    received: 0,
    lastReceivedAt: null as number | null,
    unread: 0,
    lastUnread: null as string | null,
  });
  return { otlp: none(), xray: none(), 'cloudwatch-logs': none(), rollbar: none(), unknown: none() };
}

/** Copies the beginning, because a slice would keep the whole text in memory. */
function part(text: string): string {
  return text.length <= UNREAD_SAMPLE_LENGTH
    ? text
    : Buffer.from(text.slice(0, UNREAD_SAMPLE_LENGTH)).toString();
}
