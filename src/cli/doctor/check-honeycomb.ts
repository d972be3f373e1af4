import type { Config } from '../../config/config.ts';
import { createHoneycombExport } from '../../observability/otlp/honeycomb-export.ts';
import type { Hint, Interpretation } from './interpret.ts';
import type { ProbeIds } from './probe-ids.ts';
import { sendSpan } from './send-span.ts';

const WRONG_PATH =
  'the path is wrong: /v1/traces is appended to OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT is taken as it is';

const ADVICE: Hint = [
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
export function checkHoneycomb(
  config: NonNullable<Config['honeycomb']>,
  service: Config['service'],
  ids: ProbeIds,
): Promise<Interpretation> {
  const deliver = createHoneycombExport(config);
  return sendSpan({ config, deliver, service, ids, taken: 'the span was taken', advice: ADVICE });
}
