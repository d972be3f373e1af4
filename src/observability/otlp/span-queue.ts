import { TraceFlags } from '@opentelemetry/api';
import type { ReadableSpan, SpanProcessor } from '@opentelemetry/sdk-trace';
import { type Scrub, scrubText } from '../../lib/scrub/scrub.ts';
import { type BatchQueue, createBufferedQueue } from '../delivery/batch-queue.ts';
import type { Delivery } from '../delivery/delivery.ts';
import type { SinkCounters } from '../delivery/sink-counters.ts';
import { createSpanBuffer, type EndedSpan, type SpanBatch, type SpanBufferOptions } from './span-buffer.ts';
import { encodingOf, type SpanEncoding, type SpanProtocol } from './span-encoding.ts';

export interface SpanQueueOptions extends Omit<SpanBufferOptions, 'append'> {
  readonly sink: SinkCounters;
  readonly protocol: SpanProtocol;
  readonly delayMs: number;
  deliver(batch: SpanBatch): Promise<Delivery>;
}

export type SpanQueue = BatchQueue<EndedSpan>;

/**
 * Creates a bounded queue of spans in front of one back end. It replaces the SDK's batch processor, which
 * drops spans without counting them when its queue is full or the back end is down for a few seconds.
 */
export function createSpanQueue(options: SpanQueueOptions): SpanQueue {
  const { append } = encodingOf(options.protocol);
  return createBufferedQueue({
    ...options,
    concurrency: 2,
    buffer: createSpanBuffer({ ...options, append }),
  });
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
