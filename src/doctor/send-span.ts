import { resourceFromAttributes } from '@opentelemetry/resources';
import { AlwaysOnSampler, TracerProvider } from '@opentelemetry/sdk-trace';
import { ATTR_SERVICE_NAME, ATTR_SERVICE_VERSION } from '@opentelemetry/semantic-conventions';
import type { Config } from '../config.ts';
import { createSpanProcessor } from '../observability/span-processor.ts';
import { createSpanQueue, type SpanQueueOptions } from '../observability/span-queue.ts';
import type { ProbeIds } from './probe-ids.ts';
import { createWitness, type Outcome } from './witness.ts';

/** Sends one span through the service's queue; resolves with what came of the first attempt. */
export async function sendSpan(
  options: Omit<SpanQueueOptions, 'sink' | 'delayMs'>,
  service: Config['service'],
  { traceId, spanId }: ProbeIds,
): Promise<Outcome> {
  const { sink, outcome } = createWitness('honeycomb');
  const queue = createSpanQueue({ ...options, sink, delayMs: 0 });
  const provider = new TracerProvider({
    resource: resourceFromAttributes({
      [ATTR_SERVICE_NAME]: service.name,
      [ATTR_SERVICE_VERSION]: service.version,
    }),
    idGenerator: { generateTraceId: () => traceId, generateSpanId: () => spanId },
    sampler: new AlwaysOnSampler(),
    spanProcessors: [createSpanProcessor([queue.add])],
  });
  provider.getTracer('doctor').startSpan('doctor').end();
  const result = await outcome;
  await queue.drain(0);
  return result;
}
