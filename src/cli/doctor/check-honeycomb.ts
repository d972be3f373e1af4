import type { Config } from '../../config/config.ts';
import { createHoneycombExport } from '../../observability/otlp/destinations.ts';
import type { Hints, Interpretation } from './interpret.ts';
import type { ProbeIds } from './probe-ids.ts';
import { sendSpan } from './send-span.ts';

const WRONG_PATH =
  'the path is wrong: /v1/traces is appended to OTEL_EXPORTER_OTLP_ENDPOINT, ' +
  'but OTEL_EXPORTER_OTLP_TRACES_ENDPOINT is used unchanged';

const HINTS: Hints = [
  [
    / 40[13]\b/,
    'the key is rejected: set OTEL_EXPORTER_OTLP_HEADERS=x-honeycomb-team=<ingest key>, ' +
      'with a key of this region (EU: https://api.eu1.honeycomb.io/)',
  ],
  [/ 40[045]\b/, WRONG_PATH],
  [/ 3\d\d\b/, WRONG_PATH],
  [/ 413\b/, 'the batch is too large: lower OTEL_BSP_MAX_EXPORT_BATCH_SIZE'],
  [/ 415\b/, 'the back end does not support OTLP in JSON: use another endpoint'],
];

/** Sends one span through the service's own exporter. */
export function checkHoneycomb(
  config: NonNullable<Config['otlp']>,
  service: Config['service'],
  ids: ProbeIds,
): Promise<Interpretation> {
  const deliver = createHoneycombExport(config);
  return sendSpan({ config, deliver, service, ids, accepted: 'the span was accepted', hints: HINTS });
}
