import { setTimeout as sleep } from 'node:timers/promises';
import { offTrace } from './off-trace.ts';
import type { Sink } from './sinks.ts';

const FIRST_BACKOFF_MS = 250;
const LONGEST_BACKOFF_MS = 30_000;

/** The back end refused a batch for good: sending it again would not help. */
export class Refused extends Error {
  override readonly name = 'Refused';
}

/** The back end asks for a pause before the next attempt. */
export class Throttled extends Error {
  override readonly name = 'Throttled';
  readonly retryAfterMs: number;

  constructor(message: string, retryAfterMs: number) {
    super(message);
    this.retryAfterMs = retryAfterMs;
  }
}

/** What a back end did with a batch that it did not refuse as a whole. */
export interface Delivery {
  readonly rejected: number;
  readonly reason?: unknown;
}

export interface BatchQueueOptions<Item> {
  readonly sink: Sink;
  /** Bounds on all that waits or is under way; an item beyond them is dropped and counted. */
  readonly maxItems: number;
  readonly maxBytes: number;
  /** Bounds on one batch. */
  readonly batchItems: number;
  readonly batchBytes: number;
  /** The longest that an item waits for company. */
  readonly delayMs: number;
  /** Batches under way at the same time. */
  readonly concurrency: number;
  /** Size of an item in bytes, as the back end counts it. */
  sizeOf(item: Item): number;
  /**
   * Sends a batch. Resolves when the back end acknowledged it. Rejects with `Refused` when it never will, with
   * `Throttled` to pause, with anything else to try again. It must end by itself, within a time limit of its own.
   */
  deliver(batch: readonly Item[]): Promise<Delivery>;
}

/** A bounded queue in front of one back end: it never blocks, never throws, and counts what it loses. */
export interface BatchQueue<Item> {
  /** Takes the item, or drops and counts it when there is no room. */
  add(item: Item): void;
  /** True while there is no room: lets a caller skip the making of an item. */
  isFull(): boolean;
  /** Sends all that is left; what is not acknowledged `budgetMs` from now is dropped and counted. */
  drain(budgetMs: number): Promise<void>;
}

/** Creates the queue; nothing runs until the first item comes. */
export function createBatchQueue<Item>(options: BatchQueueOptions<Item>): BatchQueue<Item> {
  const { sink } = options;
  let waiting: Item[] = [];
  let waitingBytes = 0;
  let heldItems = 0;
  let heldBytes = 0;
  let underWay = 0;
  let failures = 0;
  let timer: NodeJS.Timeout | undefined;
  let paused = false;
  let draining = false;
  let closed = false;
  let settled = Promise.withResolvers<void>();

  function wake(afterMs: number): void {
    clearTimeout(timer);
    timer = offTrace(() => setTimeout(flush, afterMs).unref());
  }

  function takeBatch(): { batch: Item[]; bytes: number } {
    let count = 0;
    let bytes = 0;
    for (const item of waiting) {
      const size = options.sizeOf(item);
      if (count === options.batchItems || (count > 0 && bytes + size > options.batchBytes)) break;
      count += 1;
      bytes += size;
    }
    waitingBytes -= bytes;
    return { batch: waiting.splice(0, count), bytes };
  }

  function flush(): void {
    clearTimeout(timer);
    timer = undefined;
    paused = false;
    while (waiting.length > 0 && underWay < options.concurrency && !paused && !closed) {
      const { batch, bytes } = takeBatch();
      underWay += 1;
      void send(batch, bytes);
    }
  }

  async function send(batch: Item[], bytes: number): Promise<void> {
    try {
      const { rejected, reason } = await offTrace(() => options.deliver(batch));
      if (closed) return;
      failures = 0;
      sink.sent(batch.length - rejected);
      if (rejected > 0) sink.dropped(rejected, reason);
      release(batch.length, bytes);
    } catch (error) {
      if (closed) return;
      if (error instanceof Refused) {
        sink.dropped(batch.length, error);
        release(batch.length, bytes);
      } else {
        sink.failed(error);
        putBack(batch, bytes, error);
      }
    } finally {
      underWay -= 1;
      afterSend();
    }
  }

  function release(count: number, bytes: number): void {
    heldItems -= count;
    heldBytes -= bytes;
  }

  function putBack(batch: Item[], bytes: number, error: unknown): void {
    waiting = batch.concat(waiting);
    waitingBytes += bytes;
    paused = true;
    const backoff = Math.min(FIRST_BACKOFF_MS * 2 ** failures, LONGEST_BACKOFF_MS);
    failures += 1;
    const jittered = backoff * (0.8 + 0.4 * Math.random());
    wake(error instanceof Throttled ? Math.max(jittered, error.retryAfterMs) : jittered);
  }

  function afterSend(): void {
    settled.resolve();
    settled = Promise.withResolvers();
    if (!paused && waiting.length > 0) {
      if (draining || isBatchReady()) flush();
      else if (timer === undefined) wake(options.delayMs);
    }
  }

  function isBatchReady(): boolean {
    return waiting.length >= options.batchItems || waitingBytes >= options.batchBytes;
  }

  function isFull(): boolean {
    return closed || heldItems >= options.maxItems || heldBytes >= options.maxBytes;
  }

  return {
    isFull,

    add(item) {
      sink.accepted(1);
      const size = options.sizeOf(item);
      if (isFull() || heldBytes + size > options.maxBytes) {
        sink.dropped(1, closed ? 'already drained' : 'queue full');
        return;
      }
      waiting.push(item);
      waitingBytes += size;
      heldItems += 1;
      heldBytes += size;
      if (paused) return;
      if (isBatchReady()) flush();
      else if (timer === undefined) wake(options.delayMs);
    },

    async drain(budgetMs) {
      draining = true;
      failures = 0;
      const abort = new AbortController();
      const deadline = sleep(budgetMs, undefined, { signal: abort.signal, ref: true }).then(
        () => true,
        () => true,
      );
      flush();
      while (heldItems > 0 && !(await Promise.race([deadline, settled.promise.then(() => false)])));
      abort.abort();
      clearTimeout(timer);
      closed = true;
      if (heldItems > 0) sink.dropped(heldItems, `not acknowledged within ${budgetMs} ms of the drain`);
      heldItems = 0;
      heldBytes = 0;
      waiting = [];
    },
  };
}
