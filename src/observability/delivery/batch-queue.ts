import { settleWithin } from '../../lib/with-timeout.ts';
import { withoutTracing } from '../suppress-tracing.ts';
import {
  type Batch,
  type BatchBuffer,
  type BatchBufferOptions,
  createBatchBuffer,
  type ItemBatch,
} from './batch-buffer.ts';
import { type Delivery, Refused, Throttled } from './delivery.ts';
import type { SinkCounters } from './sink-counters.ts';

const FIRST_BACKOFF_MS = 250;
const MAX_BACKOFF_MS = 30_000;
/** The longest pause that a back end can ask for. */
const MAX_PAUSE_MS = 300_000;

interface Sending<Content> {
  readonly sink: SinkCounters;
  /** Maximum time that an item waits for its batch to fill. */
  readonly delayMs: number;
  /** Maximum number of batches in flight. The order of items is kept only when it is 1. */
  readonly concurrency: number;
  /**
   * Sends a batch. Resolves once the back end acknowledges it. Rejects with `Refused` when it never will,
   * with `Throttled` to pause, with any other error to retry. Must always settle, by a time limit of its own.
   */
  deliver(batch: Content): Promise<Delivery>;
}

export interface BatchQueueOptions<Item> extends BatchBufferOptions<Item>, Sending<readonly Item[]> {}

/** The options of a queue with a buffer of its own kind, whose `release` is called for refused items only. */
export interface BufferedQueueOptions<Item, Taken extends Batch> extends Sending<Taken> {
  readonly buffer: BatchBuffer<Item, Taken>;
  release?(item: Item): void;
}

/** A bounded queue in front of one back end. It never blocks, never throws, and counts what it drops. */
export interface BatchQueue<Item> {
  /** Adds an item; drops and counts it when the queue is full. */
  add(item: Item): void;
  /** Whether the queue is full, so that a caller can skip building an item and call `drop` instead. */
  isFull(): boolean;
  /** Counts an item that was not built because the queue is full. */
  drop(): void;
  /** Sends the items in the queue. Drops and counts those that are not acknowledged within `budgetMs`. */
  drain(budgetMs: number): Promise<void>;
}

/** Creates the queue. No timer runs before the first item. */
export function createBatchQueue<Item>(options: BatchQueueOptions<Item>): BatchQueue<Item> {
  const deliver = ({ items }: ItemBatch<Item>) => options.deliver(items);
  return createBufferedQueue({ ...options, buffer: createBatchBuffer(options), deliver });
}

/** Creates the queue in front of a buffer that builds batches in its own way. */
export function createBufferedQueue<Item, Taken extends Batch>(
  options: BufferedQueueOptions<Item, Taken>,
): BatchQueue<Item> {
  const { sink, buffer } = options;
  const emptied = Promise.withResolvers<void>();
  let inFlight = 0;
  let failures = 0;
  let timer: NodeJS.Timeout | undefined;
  let paused = false;
  let draining = false;
  let closed = false;

  function wake(afterMs: number): void {
    clearTimeout(timer);
    timer = withoutTracing(() => setTimeout(flush, afterMs).unref());
  }

  function flush(): void {
    clearTimeout(timer);
    timer = undefined;
    paused = false;
    while (buffer.hasWaiting() && inFlight < options.concurrency && !paused) {
      inFlight += 1;
      void send(buffer.take());
    }
  }

  async function send(batch: Taken): Promise<void> {
    try {
      const { rejected, reason } = await withoutTracing(() => options.deliver(batch));
      if (!closed) settle(batch, rejected, reason);
    } catch (error) {
      if (closed) return;
      if (error instanceof Refused) settle(batch, batch.count, error);
      else retry(batch, error);
    } finally {
      inFlight -= 1;
      if (!closed) proceed();
    }
  }

  function settle(batch: Taken, rejected: number, reason: unknown): void {
    const { count } = batch;
    const lost = Math.min(Math.max(Math.trunc(rejected) || 0, 0), count);
    failures = 0;
    // First: Rollbar counts the reports just released. Released memory is intact until the next write.
    buffer.release(batch);
    if (lost < count) sink.sent(count - lost);
    if (lost > 0) sink.dropped(lost, reason);
    if (draining && buffer.held() === 0) emptied.resolve();
  }

  function retry(batch: Taken, error: unknown): void {
    sink.failed(error);
    buffer.putBack(batch);
    paused = true;
    const backoff = Math.min(FIRST_BACKOFF_MS * 2 ** failures, MAX_BACKOFF_MS) * (0.8 + 0.4 * Math.random());
    const asked = error instanceof Throttled ? error.retryAfterMs || 0 : 0;
    failures += 1;
    wake(Math.min(Math.max(backoff, asked), MAX_PAUSE_MS));
  }

  function proceed(): void {
    if (paused || !buffer.hasWaiting()) return;
    if (draining || buffer.hasBatch()) flush();
    else if (timer === undefined) wake(options.delayMs);
  }

  function drop(): void {
    sink.accepted(1);
    sink.dropped(1, closed ? 'already drained' : 'queue full');
  }

  return {
    isFull: () => closed || buffer.isFull(),
    drop,

    add(item) {
      if (closed || !buffer.add(item)) {
        options.release?.(item);
        return drop();
      }
      sink.accepted(1);
      proceed();
    },

    async drain(budgetMs) {
      draining = true;
      failures = 0;
      flush();
      if (buffer.held() > 0) await settleWithin(budgetMs, emptied.promise);
      if (closed) return;
      closed = true;
      clearTimeout(timer);
      const left = buffer.held();
      if (left > 0) sink.dropped(left, `not acknowledged within ${Math.round(budgetMs)} ms of the drain`);
    },
  };
}
