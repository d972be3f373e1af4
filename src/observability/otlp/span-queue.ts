import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import { type BatchQueue, createBatchQueue, type Delivery } from '../delivery/batch-queue.ts';
import type { SinkCounters } from '../delivery/sink-counters.ts';
import { type ArenaString, createStringArena } from './string-arena.ts';

const MAX_QUEUE_BYTES = 32_000_000;
const MAX_BATCH_BYTES = 4_000_000;

/** What a batch has to say only once of its spans. */
interface SpanOrigin {
  readonly scope: ReadableSpan['instrumentationScope'];
  readonly resource: ReadableSpan['resource'];
}

/** A span that has ended, in OTLP's JSON. */
export interface EndedSpan extends SpanOrigin {
  readonly json: string;
}

/** A span that waits to be sent. */
export interface QueuedSpan extends SpanOrigin {
  readonly json: ArenaString;
}

export interface SpanQueueOptions {
  readonly sink: SinkCounters;
  readonly delayMs: number;
  readonly maxQueueSize: number;
  readonly batchSize: number;
  deliver(spans: readonly QueuedSpan[]): Promise<Delivery>;
}

export interface SpanQueue extends Pick<BatchQueue<QueuedSpan>, 'drain'> {
  add(span: EndedSpan): void;
}

/**
 * Takes the place of the SDK's batch processor, which drops without a count what overflows its queue and what an
 * outage of a few seconds leaves behind. Spans wait here, bounded, until the back end took them.
 */
export function createSpanQueue(options: SpanQueueOptions): SpanQueue {
  const pages = createStringArena();
  const queue = createBatchQueue<QueuedSpan>({
    sink: options.sink,
    maxItems: options.maxQueueSize,
    maxBytes: MAX_QUEUE_BYTES,
    batchItems: options.batchSize,
    batchBytes: MAX_BATCH_BYTES,
    delayMs: options.delayMs,
    concurrency: 2,
    sizeOf: ({ json }) => json.end - json.start,
    release: ({ json }) => pages.release(json),
    deliver: options.deliver,
  });
  return {
    add: ({ json, scope, resource }) => queue.add({ json: pages.write(json), scope, resource }),
    drain: queue.drain,
  };
}
