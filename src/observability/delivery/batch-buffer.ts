export interface BatchBufferOptions<Item> {
  /** Bounds on all items in the buffer: those waiting, and those taken but not yet released. */
  readonly maxItems: number;
  readonly maxBytes: number;
  /** Bounds on one batch. An item larger than `batchBytes` is a batch of its own. */
  readonly batchItems: number;
  readonly batchBytes: number;
  /** Returns the size of an item in bytes, as the back end counts it. Called once per item. */
  sizeOf(item: Item): number;
  /** Called once for each item that leaves the buffer, and for each that a queue in front of it refuses. */
  release?(item: Item): void;
}

export interface Batch {
  /** The number of its items. */
  readonly count: number;
  readonly bytes: number;
}

export interface ItemBatch<Item> extends Batch {
  readonly items: readonly Item[];
}

/** A first-in, first-out buffer that returns its items in batches. */
export interface BatchBuffer<Item, Taken extends Batch = ItemBatch<Item>> {
  /** Returns false when there is no room. */
  add(item: Item): boolean;
  /** Whether nearly all room is taken, so that most items would not fit. */
  isFull(): boolean;
  hasWaiting(): boolean;
  /** Whether the waiting items fill a batch. */
  hasBatch(): boolean;
  /** Returns the next batch. It counts towards the bounds until it is released. */
  take(): Taken;
  /** Puts a batch back, ahead of the items that wait, to be taken again as it is. */
  putBack(batch: Taken): void;
  release(batch: Taken): void;
  /** The number of items waiting or taken. */
  held(): number;
}

/** With less than this share of the bytes left, a buffer is full for a caller that has not built its item. */
const RESERVE = 1 / 64;

/** Creates a first-in, first-out buffer, bounded by items and bytes. */
export function createBatchBuffer<Item>(options: BatchBufferOptions<Item>): BatchBuffer<Item> {
  const { maxItems, maxBytes, batchItems, batchBytes, release } = options;
  const fullBytes = maxBytes * (1 - RESERVE);
  const waiting: Item[] = [];
  const sizes: number[] = [];
  /** Batches that were put back, at most as many as are in flight. They stay as they are. */
  const returned: ItemBatch<Item>[] = [];
  let waitingBytes = 0;
  let heldItems = 0;
  let heldBytes = 0;

  function countBatch(): { count: number; bytes: number } {
    let bytes = 0;
    for (const [count, size] of sizes.entries()) {
      if (count > 0 && (count >= batchItems || bytes + size > batchBytes)) return { count, bytes };
      bytes += size;
    }
    return { count: sizes.length, bytes };
  }

  return {
    add(item) {
      const size = options.sizeOf(item);
      if (heldItems >= maxItems || heldBytes + size > maxBytes) return false;
      waiting.push(item);
      sizes.push(size);
      waitingBytes += size;
      heldItems += 1;
      heldBytes += size;
      return true;
    },
    isFull: () => heldItems >= maxItems || heldBytes > fullBytes,
    hasWaiting: () => returned.length > 0 || waiting.length > 0,
    hasBatch: () => returned.length > 0 || waiting.length >= batchItems || waitingBytes >= batchBytes,
    take() {
      const first = returned.shift();
      if (first !== undefined) return first;
      const { count, bytes } = countBatch();
      waitingBytes -= bytes;
      sizes.splice(0, count);
      return { items: waiting.splice(0, count), count, bytes };
    },
    putBack(batch) {
      returned.push(batch);
    },
    release(batch) {
      heldItems -= batch.count;
      heldBytes -= batch.bytes;
      if (release !== undefined) for (const item of batch.items) release(item);
    },
    held: () => heldItems,
  };
}
