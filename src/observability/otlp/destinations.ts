import type { SpanProcessor } from '@opentelemetry/sdk-trace';
import type { Config } from '../../config/config.ts';
import { createScrubber } from '../../lib/scrub/scrub.ts';
import type { Sinks } from '../delivery/sink-counters.ts';
import { createSpanExport } from './export.ts';
import { encodingOf } from './span-encoding.ts';
import { createSpanProcessor, createSpanQueue, type SpanConsumer, type SpanQueue } from './span-queue.ts';

/** X-Ray's limit for one request. */
const MAX_XRAY_SPANS = 10_000;

/** The back ends for spans. Each has a queue of its own, so that neither waits for the other. */
export interface SpanDestinations {
  readonly processor: SpanProcessor;
  readonly drain: SpanQueue['drain'];
}

/** Opens the configured destinations: Honeycomb, X-Ray's OTLP endpoint, or both. */
export async function openSpanDestinations(
  { otlp, xrayOtlp, secrets }: Pick<Config, 'otlp' | 'xrayOtlp' | 'secrets'>,
  sinks: Pick<Sinks, 'honeycomb' | 'xray'>,
): Promise<SpanDestinations> {
  const queues: SpanQueue[] = [];
  const consumers: SpanConsumer[] = [];
  // One for both, so that a span is encoded once.
  const encoding = encodingOf((otlp ?? xrayOtlp)?.protocol ?? 'http/protobuf');
  if (otlp !== undefined) {
    const deliver = createHoneycombExport(otlp);
    const queue = createSpanQueue({ ...otlp, sink: sinks.honeycomb, deliver });
    queues.push(queue);
    consumers.push(queue);
  }
  if (xrayOtlp !== undefined) {
    const deliver = await createXRayExport(xrayOtlp);
    const batchSize = Math.min(xrayOtlp.batchSize, MAX_XRAY_SPANS);
    const queue = createSpanQueue({ ...xrayOtlp, batchSize, sink: sinks.xray, deliver });
    queues.push(queue);
    consumers.push({
      ...queue,
      add: (ended, { attributes }) =>
        queue.add({ ...ended, encoded: encoding.annotate(ended.encoded, attributes) }),
    });
  }
  return {
    processor: createSpanProcessor(consumers, encoding, createScrubber(secrets())),
    drain: async (budgetMs) => {
      await Promise.all(queues.map((queue) => queue.drain(budgetMs)));
    },
  };
}

/**
 * Creates the exporter to Honeycomb, or to another OTLP endpoint that `OTEL_EXPORTER_OTLP_ENDPOINT` names.
 */
export function createHoneycombExport(config: NonNullable<Config['otlp']>) {
  return createSpanExport({
    ...config,
    variables: {
      credentials: 'OTEL_EXPORTER_OTLP_HEADERS is',
      address: 'OTEL_EXPORTER_OTLP_ENDPOINT',
    },
  });
}

/** Creates the exporter to X-Ray's OTLP endpoint, with signed requests, or to a Collector, without. */
export async function createXRayExport(config: NonNullable<Config['xrayOtlp']>) {
  const { tracesUrl: url, region, timeoutMs, proxy } = config;
  return createSpanExport({
    ...config,
    ...(region && { sign: await loadSigner({ url, region, service: 'xray', timeoutMs, proxy }) }),
    variables: {
      credentials: region ? 'the AWS credentials are' : 'the sender to AWS_XRAY_OTLP_ENDPOINT is',
      address: 'AWS_XRAY_OTLP_ENDPOINT',
    },
  });
}

/** Loads AWS's libraries only when they are needed. */
async function loadSigner(options: Parameters<typeof import('./aws-signature.ts').createAwsSigner>[0]) {
  const { createAwsSigner } = await import('./aws-signature.ts');
  return createAwsSigner(options);
}
