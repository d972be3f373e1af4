import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import { type BatchQueue, createBatchQueue, type Delivery } from './batch-queue.ts';
import type { Sink } from './sinks.ts';

const MAX_QUEUE_BYTES = 32_000_000;
const MAX_BATCH_BYTES = 4_000_000;

/** A span that has ended: its OTLP JSON, and what a batch has to say only once. */
export interface EndedSpan {
  readonly json: Buffer;
  readonly scope: ReadableSpan['instrumentationScope'];
  readonly resource: ReadableSpan['resource'];
}

export interface SpanQueueOptions {
  readonly sink: Sink;
  readonly delayMs: number;
  readonly maxQueueSize: number;
  readonly batchSize: number;
  deliver(spans: readonly EndedSpan[]): Promise<Delivery>;
}

export type SpanQueue = Pick<BatchQueue<EndedSpan>, 'add' | 'drain'>;

/**
 * Takes the place of the SDK's batch processor, which drops without a count what overflows its queue and what an
 * outage of a few seconds leaves behind. Spans wait here, bounded, until the back end took them.
 */
export function createSpanQueue(options: SpanQueueOptions): SpanQueue {
  return createBatchQueue<EndedSpan>({
    sink: options.sink,
    maxItems: options.maxQueueSize,
    maxBytes: MAX_QUEUE_BYTES,
    batchItems: options.batchSize,
    batchBytes: MAX_BATCH_BYTES,
    delayMs: options.delayMs,
    concurrency: 2,
    sizeOf: ({ json }) => json.length,
    deliver: options.deliver,
  });
}
