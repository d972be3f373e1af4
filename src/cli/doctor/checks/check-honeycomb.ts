import type { Config } from '../../../config/config.ts';
import { createHoneycombExport } from '../../../observability/otlp/destinations.ts';
import { judgeHoneycombKey, otherRegion } from '../diagnosis/honeycomb-key.ts';
import type { Hints, Interpretation } from '../interpret.ts';
import type { ProbeIds } from '../probe-ids.ts';
import { sendSpan } from '../send-span.ts';

const WRONG_PATH =
  'the path is wrong: /v1/traces is appended to OTEL_EXPORTER_OTLP_ENDPOINT, ' +
  'but OTEL_EXPORTER_OTLP_TRACES_ENDPOINT is used unchanged';

function hintsFor(config: NonNullable<Config['otlp']>): Hints {
  const key =
    judgeHoneycombKey(config) ??
    'the key is rejected: set OTEL_EXPORTER_OTLP_HEADERS=x-honeycomb-team=<ingest key>';
  return [
    [/ 40[13]\b/, `${key}; ${otherRegion(config.tracesUrl)}`],
    [/ 40[045]\b/, WRONG_PATH],
    [/ 3\d\d\b/, WRONG_PATH],
    [/ 413\b/, 'the batch is too large: lower OTEL_BSP_MAX_EXPORT_BATCH_SIZE'],
    [/ 415\b/, 'the back end does not support OTLP in JSON: use another endpoint'],
  ];
}

/** Sends one span through the service's own exporter. */
export async function checkHoneycomb(
  config: NonNullable<Config['otlp']>,
  service: Config['service'],
  ids: ProbeIds,
): Promise<Interpretation> {
  const deliver = createHoneycombExport(config);
  const accepted = 'the span was accepted';
  const result = await sendSpan({ config, deliver, service, ids, accepted, hints: hintsFor(config) });
  // A Classic key without a dataset fails with a 400, or its spans are lost in a dataset of another name.
  const fault = / 400\b/.test(result.answer) || result.works ? judgeHoneycombKey(config) : undefined;
  return fault?.includes('Classic') ? { ...result, advice: fault } : result;
}
