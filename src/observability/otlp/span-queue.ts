import { TraceFlags } from '@opentelemetry/api';
import type { ReadableSpan, SpanProcessor } from '@opentelemetry/sdk-trace';
import { type Scrub, scrubText } from '../../lib/scrub/scrub.ts';
import { type BatchQueue, createBatchQueue } from '../delivery/batch-queue.ts';
import type { Delivery } from '../delivery/delivery.ts';
import type { SinkCounters } from '../delivery/sink-counters.ts';
import { createStringArena } from '../delivery/string-arena.ts';
import type { EndedSpan, QueuedSpan } from './queued-span.ts';
import type { SpanEncoding } from './span-encoding.ts';

const MAX_QUEUE_BYTES = 32_000_000;
const MAX_BATCH_BYTES = 4_000_000;

export interface SpanQueueOptions {
  readonly sink: SinkCounters;
  readonly delayMs: number;
  readonly maxQueueSize: number;
  readonly batchSize: number;
  deliver(spans: readonly QueuedSpan[]): Promise<Delivery>;
}

export interface SpanQueue extends Pick<BatchQueue<QueuedSpan>, 'drain' | 'isFull' | 'drop'> {
  add(span: EndedSpan): void;
}

/**
 * Creates a bounded queue of spans in front of one back end. It replaces the SDK's batch processor, which
 * drops spans without counting them when its queue is full or the back end is down for a few seconds.
 */
export function createSpanQueue(options: SpanQueueOptions): SpanQueue {
  const arena = createStringArena();
  const queue = createBatchQueue<QueuedSpan>({
    sink: options.sink,
    maxItems: options.maxQueueSize,
    maxBytes: MAX_QUEUE_BYTES,
    batchItems: options.batchSize,
    batchBytes: MAX_BATCH_BYTES,
    delayMs: options.delayMs,
    concurrency: 2,
    sizeOf: ({ encoded }) => encoded.end - encoded.start,
    release: ({ encoded }) => arena.release(encoded),
    deliver: options.deliver,
  });
  return {
    add: ({ encoded, scope, resource }) => queue.add({ encoded: arena.write(encoded), scope, resource }),
    isFull: queue.isFull,
    drop: queue.drop,
    drain: queue.drain,
  };
}

/** Receives each ended span. One that is full is asked to `drop` a span instead, which is not encoded. */
export interface SpanConsumer extends Pick<SpanQueue, 'isFull' | 'drop'> {
  add(ended: EndedSpan, span: ReadableSpan): void;
}

/**
 * Creates the SDK's processor: it encodes each sampled span when it ends, without the secrets in its errors,
 * and passes it to all `consumers` that have room.
 */
export function createSpanProcessor(
  consumers: readonly SpanConsumer[],
  { encode }: SpanEncoding,
  scrub: Scrub = scrubText,
): SpanProcessor {
  return {
    onStart: () => {},
    onEnd: (span) => {
      if ((span.spanContext().traceFlags & TraceFlags.SAMPLED) === 0) return;
      let ended: EndedSpan | undefined;
      for (const consumer of consumers) {
        if (consumer.isFull()) {
          consumer.drop();
        } else {
          ended ??= {
            encoded: encode(span, scrub),
            scope: span.instrumentationScope,
            resource: span.resource,
          };
          consumer.add(ended, span);
        }
      }
    },
    forceFlush: async () => {},
    shutdown: async () => {},
  };
}
