import type { Batch, BatchBuffer } from '../delivery/batch-buffer.ts';
import type { LogEvent } from './events.ts';

/** Bounds on all events in the buffer, in bytes of their JSON. The last event may exceed them. */
const MAX_EVENTS = 100_000;
const MAX_BYTES = 32_000_000;

/** The limits of PutLogEvents for one batch. Events are smaller as it counts them than as JSON. */
const BATCH_EVENTS = 10_000;
const BATCH_BYTES = 1_000_000;
/** Before or after the first event: a batch may span 24 hours. */
const BATCH_SPAN_MS = 12 * 60 * 60 * 1000;

const MAX_BYTES_PER_UNIT = 3;
/** One batch fills while another one is sent. The garbage collector frees the memory of an outage. */
const MAX_FREE = 2;

/** A batch, whose memory holds the body of PutLogEvents but for its end. */
export interface EventBatch extends Batch {
  readonly memory: Buffer;
  used: number;
  count: number;
  bytes: number;
  readonly firstTime: number;
  lastTime: number;
  /** Whether no event is older than the one before it. */
  inOrder: boolean;
}

/**
 * Creates a bounded buffer that writes each event into its batch as JSON at once. Events that wait as strings
 * would be moved to the old generation (docs/adr/0021).
 */
export function createEventBuffer(group: string, stream: string): BatchBuffer<LogEvent, EventBatch> {
  const names = `"logGroupName":${JSON.stringify(group)},"logStreamName":${JSON.stringify(stream)}`;
  const head = Buffer.from(`{${names},"logEvents":[`);
  const waiting: EventBatch[] = [];
  const free: Buffer[] = [];
  /** The last of those that wait, if it is not complete. */
  let open: EventBatch | undefined;
  let heldEvents = 0;
  let heldBytes = 0;

  const isFull = () => heldEvents >= MAX_EVENTS || heldBytes >= MAX_BYTES;

  /** Returns the batch for an event that needs at most `room` bytes. */
  function batchFor(time: number, room: number): EventBatch {
    const fits =
      open !== undefined &&
      open.count < BATCH_EVENTS &&
      open.bytes + room <= BATCH_BYTES &&
      Math.abs(time - open.firstTime) < BATCH_SPAN_MS;
    if (open !== undefined && fits) return open;
    const reused = room <= BATCH_BYTES ? free.pop() : undefined;
    const memory = reused ?? Buffer.allocUnsafeSlow(head.length + Math.max(room, BATCH_BYTES) + 1);
    memory.set(head);
    open = { memory, used: head.length, count: 0, bytes: 0, firstTime: time, lastTime: time, inOrder: true };
    waiting.push(open);
    return open;
  }

  return {
    isFull,
    add({ timestamp, message }) {
      if (isFull()) return false;
      const json = `{"timestamp":${timestamp},"message":${JSON.stringify(message)}},`;
      const batch = batchFor(timestamp, json.length * MAX_BYTES_PER_UNIT);
      const bytes = batch.memory.write(json, batch.used);
      batch.used += bytes;
      batch.bytes += bytes;
      batch.count += 1;
      batch.inOrder &&= timestamp >= batch.lastTime;
      batch.lastTime = timestamp;
      heldEvents += 1;
      heldBytes += bytes;
      return true;
    },
    hasWaiting: () => waiting.length > 0,
    hasBatch: () => waiting.length > 1 || waiting[0] !== open,
    take() {
      const batch = waiting.shift() as EventBatch;
      if (batch === open) open = undefined;
      return batch;
    },
    putBack: (batch) => waiting.unshift(batch),
    release({ memory, count, bytes }) {
      heldEvents -= count;
      heldBytes -= bytes;
      if (memory.length === head.length + BATCH_BYTES + 1 && free.length < MAX_FREE) free.push(memory);
    },
    held: () => heldEvents,
  };
}

/**
 * Returns the body of PutLogEvents, which requires the oldest event first. Valid until the batch is released.
 */
export function bodyOf({ memory, used, inOrder }: EventBatch): Buffer {
  // In place of the last event's comma.
  memory.write(']}', used - 1);
  const body = memory.subarray(0, used + 1);
  if (inOrder) return body;
  // The clock stepped back.
  const input: { readonly logEvents: LogEvent[] } = JSON.parse(body.toString());
  input.logEvents.sort((a, b) => a.timestamp - b.timestamp);
  return Buffer.from(JSON.stringify(input));
}
