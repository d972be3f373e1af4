import type { KeptLogEvent } from '../journal/entry-store.ts';
import { invalidParameter } from './aws-error.ts';
import { type Input, readInteger, readText } from './input.ts';

/** Towards newer or towards older events. */
export type Direction = 'forward' | 'backward';

/** The position before an event. Events are ordered by timestamp, then by arrival. */
type Position = Pick<KeptLogEvent, 'timestamp' | 'id'>;

export interface Page {
  /** Oldest first in both directions. */
  readonly events: readonly KeptLogEvent[];
  readonly start: Position;
  readonly end: Position;
  /** Whether more events follow in the direction. */
  readonly more: boolean;
}

export interface PageRequest {
  readonly direction: Direction;
  /** Default: the oldest event, or the latest one when the direction is backward. */
  readonly from?: Position | undefined;
  readonly limit: number;
}

const MAX_EVENTS = 10_000;
/** The size of a page: its messages in UTF-8 plus 26 bytes per event. A page has at least one event. */
const MAX_PAGE_BYTES = 1_048_576;
const EVENT_OVERHEAD_BYTES = 26;
const TOKEN = /^([fb])\/(\d{1,16})\/(\d{1,16})$/;

/** Reads `limit` and `nextToken`. A token determines the direction; `direction` is the default. */
export function readPageRequest(input: Input, direction: Direction): PageRequest {
  const limit = readInteger(input, 'limit', 1, MAX_EVENTS) ?? MAX_EVENTS;
  const token = readText(input, 'nextToken');
  return token === undefined ? { direction, limit } : { ...readToken(token), limit };
}

/** Returns the events nearest to a position in one direction. `events` may have any order. */
export function readPage(events: Iterable<KeptLogEvent>, { direction, from, limit }: PageRequest): Page {
  const sign = direction === 'forward' ? 1 : -1;
  const nearest = takeFirst(
    from === undefined ? events : ahead(events, from, direction),
    limit + 1,
    (a, b) => sign * compare(a, b),
  );
  const taken = nearest.slice(0, Math.min(limit, countInPage(nearest)));
  const inOrder = direction === 'forward' ? taken : taken.toReversed();
  const [first] = inOrder;
  const last = inOrder.at(-1);
  const nowhere = from ?? { timestamp: 0, id: 0 };
  return {
    events: inOrder,
    start: first ?? nowhere,
    end: last ? { timestamp: last.timestamp, id: last.id + 1 } : nowhere,
    more: taken.length < nearest.length,
  };
}

export function writeToken(direction: Direction, { timestamp, id }: Position): string {
  return `${direction === 'forward' ? 'f' : 'b'}/${timestamp}/${id}`;
}

function readToken(token: string): { direction: Direction; from: Position } {
  const [, letter, timestamp, id] = TOKEN.exec(token) ?? [];
  if (letter === undefined) throw invalidParameter('The specified nextToken is invalid.');
  return {
    direction: letter === 'f' ? 'forward' : 'backward',
    from: { timestamp: Number(timestamp), id: Number(id) },
  };
}

function compare(a: Position, b: Position): number {
  return a.timestamp - b.timestamp || a.id - b.id;
}

function* ahead(
  events: Iterable<KeptLogEvent>,
  from: Position,
  direction: Direction,
): Generator<KeptLogEvent> {
  for (const event of events) {
    const isOlder = compare(event, from) < 0;
    if (isOlder === (direction === 'backward')) yield event;
  }
}

/** Returns the first `count` items in order. It never holds more than twice as many. */
function takeFirst<T>(items: Iterable<T>, count: number, order: (a: T, b: T) => number): T[] {
  let first: T[] = [];
  for (const item of items) {
    first.push(item);
    if (first.length === 2 * count) first = first.sort(order).slice(0, count);
  }
  return first.sort(order).slice(0, count);
}

function countInPage(events: readonly KeptLogEvent[]): number {
  let bytes = 0;
  const full = events.findIndex(({ message }, index) => {
    bytes += Buffer.byteLength(message) + EVENT_OVERHEAD_BYTES;
    return bytes > MAX_PAGE_BYTES && index > 0;
  });
  return full < 0 ? events.length : full;
}
