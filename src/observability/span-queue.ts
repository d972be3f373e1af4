import { TraceFlags } from '@opentelemetry/api';
import type { ReadableSpan, SpanProcessor } from '@opentelemetry/sdk-trace';
import { ATTR_EXCEPTION_STACKTRACE } from '@opentelemetry/semantic-conventions';
import { type BatchQueue, createBatchQueue, type Delivery } from './batch-queue.ts';
import type { Sink } from './sinks.ts';

const SPAN_BYTES = 1000;
const MAX_QUEUE_BYTES = 32_000_000;

export interface SpanQueueOptions {
  readonly sink: Sink;
  readonly delayMs: number;
  readonly maxQueueSize: number;
  readonly batchSize: number;
  deliver(spans: readonly ReadableSpan[]): Promise<Delivery>;
}

export interface SpanQueue {
  readonly processor: SpanProcessor;
  drain: BatchQueue<ReadableSpan>['drain'];
}

/**
 * Takes the place of the SDK's batch processor, which drops without a count what overflows its queue and what an
 * outage of a few seconds leaves behind. Spans wait here, bounded, until the back end took them.
 */
export function createSpanQueue(options: SpanQueueOptions): SpanQueue {
  const queue = createBatchQueue<ReadableSpan>({
    sink: options.sink,
    maxItems: options.maxQueueSize,
    maxBytes: MAX_QUEUE_BYTES,
    batchItems: options.batchSize,
    batchBytes: MAX_QUEUE_BYTES,
    delayMs: options.delayMs,
    concurrency: 2,
    sizeOf: estimateBytes,
    deliver: options.deliver,
  });
  return {
    processor: {
      onStart: () => {},
      onEnd: (span) => {
        if (span.spanContext().traceFlags & TraceFlags.SAMPLED) queue.add(span);
      },
      forceFlush: async () => {},
      shutdown: async () => {},
    },
    drain: queue.drain,
  };
}

/** Spans differ in size by their texts: a long URL, a stack. */
function estimateBytes(span: ReadableSpan): number {
  let bytes = SPAN_BYTES;
  for (const key in span.attributes) {
    const value = span.attributes[key];
    if (typeof value === 'string') bytes += value.length;
  }
  for (const event of span.events) {
    const stack = event.attributes?.[ATTR_EXCEPTION_STACKTRACE];
    if (typeof stack === 'string') bytes += stack.length;
  }
  return bytes;
}
