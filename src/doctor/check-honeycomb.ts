import { resourceFromAttributes } from '@opentelemetry/resources';
import { AlwaysOnSampler, TracerProvider } from '@opentelemetry/sdk-trace';
import { ATTR_SERVICE_NAME, ATTR_SERVICE_VERSION } from '@opentelemetry/semantic-conventions';
import type { Config } from '../config.ts';
import { createSpanExport } from '../observability/span-export.ts';
import { createSpanQueue } from '../observability/span-queue.ts';
import { type Advice, type Diagnosis, diagnose } from './diagnosis.ts';
import type { ProbeIds } from './probe-ids.ts';
import { createWitness } from './witness.ts';

const WRONG_PATH =
  'the path is wrong: /v1/traces is appended to OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT is taken as it is';

const ADVICE: Advice = [
  [
    / 40[13]\b/,
    'the key is refused: OTEL_EXPORTER_OTLP_HEADERS=x-honeycomb-team=<ingest key>, one of this region (EU: https://api.eu1.honeycomb.io/)',
  ],
  [/ 40[045]\b/, WRONG_PATH],
  [/ 3\d\d\b/, WRONG_PATH],
  [/ 413\b/, 'the batch is too large for it: lower OTEL_BSP_MAX_EXPORT_BATCH_SIZE'],
  [/ 415\b/, 'it does not take OTLP in JSON'],
];

/** Sends one span as the service sends its own. */
export async function checkHoneycomb(
  config: NonNullable<Config['honeycomb']>,
  service: Config['service'],
  { traceId, spanId }: ProbeIds,
): Promise<Diagnosis> {
  const { sink, outcome } = createWitness('honeycomb');
  const queue = createSpanQueue({ ...config, sink, delayMs: 0, deliver: createSpanExport(config) });
  const provider = new TracerProvider({
    resource: resourceFromAttributes({
      [ATTR_SERVICE_NAME]: service.name,
      [ATTR_SERVICE_VERSION]: service.version,
    }),
    idGenerator: { generateTraceId: () => traceId, generateSpanId: () => spanId },
    sampler: new AlwaysOnSampler(),
    spanProcessors: [queue.processor],
  });
  provider.getTracer('doctor').startSpan('doctor').end();
  const result = await outcome;
  await queue.drain(0);
  return diagnose(result, 'the span was taken', ADVICE);
}
