import type { SpanProcessor } from '@opentelemetry/sdk-trace';
import type { Config } from '../../config/config.ts';
import type { Sinks } from '../delivery/sink-counters.ts';
import { createHoneycombExport } from './honeycomb-export.ts';
import { createSpanProcessor, type SpanConsumer } from './span-processor.ts';
import { createSpanQueue, type SpanQueue } from './span-queue.ts';
import { annotateForXRay } from './xray-annotations.ts';
import { createXRayExport } from './xray-export.ts';

/** X-Ray's limit of one request. */
const MOST_XRAY_SPANS = 10_000;

/** Where spans go, each destination with a queue of its own, so that neither waits for the other. */
export interface SpanDestinations {
  readonly processor: SpanProcessor;
  readonly drain: SpanQueue['drain'];
}

/** Opens the destinations that are configured: Honeycomb, X-Ray by OTLP, or both. */
export async function openSpanDestinations(
  { honeycomb, xrayOtlp }: Pick<Config, 'honeycomb' | 'xrayOtlp'>,
  sinks: Pick<Sinks, 'honeycomb' | 'xray'>,
): Promise<SpanDestinations> {
  const queues: SpanQueue[] = [];
  const takers: SpanConsumer[] = [];
  if (honeycomb !== undefined) {
    const deliver = createHoneycombExport(honeycomb);
    const queue = createSpanQueue({ ...honeycomb, sink: sinks.honeycomb, deliver });
    queues.push(queue);
    takers.push(queue.add);
  }
  if (xrayOtlp !== undefined) {
    const deliver = await createXRayExport(xrayOtlp);
    const batchSize = Math.min(xrayOtlp.batchSize, MOST_XRAY_SPANS);
    const queue = createSpanQueue({ ...xrayOtlp, batchSize, sink: sinks.xray, deliver });
    queues.push(queue);
    takers.push((ended, { attributes }) =>
      queue.add({ ...ended, json: annotateForXRay(ended.json, attributes) }),
    );
  }
  return {
    processor: createSpanProcessor(takers),
    drain: async (budgetMs) => {
      await Promise.all(queues.map((queue) => queue.drain(budgetMs)));
    },
  };
}
