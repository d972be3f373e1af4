import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import type { Batch, BatchBuffer } from '../delivery/batch-buffer.ts';
import { ProtobufWriter } from './protobuf/protobuf-writer.ts';

type Scope = ReadableSpan['instrumentationScope'];

/** A span that has ended. The bytes of one in protobuf are valid until the next span is encoded. */
export interface EndedSpan {
  readonly encoded: string | Uint8Array;
  readonly scope: Scope;
  readonly resource: ReadableSpan['resource'];
}

/** Encoded spans, those of a scope one after the other. All spans of a process share one resource. */
export interface SpanBatch extends Batch {
  count: number;
  bytes: number;
  readonly resource: ReadableSpan['resource'];
  readonly spans: Map<Scope, ProtobufWriter>;
}

export interface SpanBufferOptions {
  readonly maxQueueSize: number;
  readonly batchSize: number;
  /** Appends a span to those of its scope. */
  append(spans: ProtobufWriter, encoded: string | Uint8Array): void;
}

/** Bounds in bytes, of the buffer and of a batch. The last span may exceed them. */
const MAX_BYTES = 32_000_000;
const BATCH_BYTES = 4_000_000;

/** Memory that is kept for reuse. More, as an outage needs it, is left to the garbage collector. */
const MAX_FREE = 64;
const MAX_FREE_BYTES = 262_144;

/**
 * Creates a bounded buffer that appends each span to its batch at once. An object per span would live just
 * long enough to be moved to the old generation, where only a full collection frees it.
 */
export function createSpanBuffer({
  maxQueueSize,
  batchSize,
  append,
}: SpanBufferOptions): BatchBuffer<EndedSpan, SpanBatch> {
  const waiting: SpanBatch[] = [];
  const free: ProtobufWriter[] = [];
  /** The last of those that wait, until it is taken. */
  let open: SpanBatch | undefined;
  let heldSpans = 0;
  let heldBytes = 0;

  const isFull = () => heldSpans >= maxQueueSize || heldBytes >= MAX_BYTES;
  const isComplete = ({ count, bytes }: SpanBatch) => count >= batchSize || bytes >= BATCH_BYTES;

  function batchFor({ resource }: EndedSpan): SpanBatch {
    if (open !== undefined && !isComplete(open)) return open;
    open = { count: 0, bytes: 0, resource, spans: new Map() };
    waiting.push(open);
    return open;
  }

  return {
    isFull,
    add(span) {
      if (isFull()) return false;
      const batch = batchFor(span);
      const spans = batch.spans.get(span.scope) ?? free.pop() ?? new ProtobufWriter();
      if (spans.length === 0) batch.spans.set(span.scope, spans);
      const before = spans.length;
      append(spans, span.encoded);
      const size = spans.length - before;
      batch.count += 1;
      batch.bytes += size;
      heldSpans += 1;
      heldBytes += size;
      return true;
    },
    hasWaiting: () => waiting.length > 0,
    hasBatch: () => waiting[0] !== undefined && (waiting[0] !== open || isComplete(waiting[0])),
    take() {
      const batch = waiting.shift() as SpanBatch;
      if (batch === open) open = undefined;
      return batch;
    },
    putBack: (batch) => waiting.unshift(batch),
    release({ count, bytes, spans }) {
      heldSpans -= count;
      heldBytes -= bytes;
      for (const writer of spans.values()) {
        writer.length = 0;
        if (writer.bytes.length <= MAX_FREE_BYTES && free.length < MAX_FREE) free.push(writer);
      }
    },
    held: () => heldSpans,
  };
}
