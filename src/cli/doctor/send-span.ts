import { resourceFromAttributes } from '@opentelemetry/resources';
import { AlwaysOnSampler, TracerProvider } from '@opentelemetry/sdk-trace';
import { ATTR_SERVICE_NAME, ATTR_SERVICE_VERSION } from '@opentelemetry/semantic-conventions';
import type { Config } from '../../config/config.ts';
import { encodingOf } from '../../observability/otlp/span-encoding.ts';
import {
  createSpanProcessor,
  createSpanQueue,
  type SpanQueueOptions,
} from '../../observability/otlp/span-queue.ts';
import { type Hints, type Interpretation, interpret } from './interpret.ts';
import type { ProbeIds } from './probe-ids.ts';
import { createProbeSink } from './probe-sink.ts';

type SpanConfig = Pick<
  NonNullable<Config['otlp']>,
  'protocol' | 'maxQueueSize' | 'batchSize' | 'sampler' | 'samplerRatio'
>;

export interface SpanProbe {
  readonly config: SpanConfig;
  readonly deliver: SpanQueueOptions['deliver'];
  readonly service: Config['service'];
  readonly ids: ProbeIds;
  /** The answer if the span arrives. */
  readonly accepted: string;
  readonly hints: Hints;
}

/** Sends one span through the service's queue and returns the outcome of the first attempt. */
export async function sendSpan({
  config,
  deliver,
  service,
  ids,
  accepted,
  hints,
}: SpanProbe): Promise<Interpretation> {
  const { sink, outcome } = createProbeSink('honeycomb');
  const queue = createSpanQueue({ ...config, sink, delayMs: 0, deliver });
  const provider = new TracerProvider({
    resource: resourceFromAttributes({
      [ATTR_SERVICE_NAME]: service.name,
      [ATTR_SERVICE_VERSION]: service.version,
    }),
    idGenerator: { generateTraceId: () => ids.traceId, generateSpanId: () => ids.spanId },
    sampler: new AlwaysOnSampler(),
    spanProcessors: [createSpanProcessor([queue], encodingOf(config.protocol))],
  });
  provider.getTracer('doctor').startSpan('doctor').end();
  const result = await outcome;
  await queue.drain(0);
  const interpretation = interpret(result, accepted, hints);
  return interpretation.works && samplesNothing(config)
    ? {
        ...interpretation,
        advice:
          'the service itself sends no spans: OTEL_TRACES_SAMPLER and OTEL_TRACES_SAMPLER_ARG sample none',
      }
    : interpretation;
}

function samplesNothing({ sampler, samplerRatio }: SpanConfig): boolean {
  return sampler.endsWith('always_off') || (sampler.endsWith('traceidratio') && samplerRatio === 0);
}
