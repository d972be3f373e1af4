import type { Config } from '../../config/config.ts';
import { createXRayExport } from '../../observability/otlp/xray-export.ts';
import type { Hint, Interpretation } from './interpret.ts';
import type { ProbeIds } from './probe-ids.ts';
import { sendSpan } from './send-span.ts';

const ADVICE: Hint = [
  [/no AWS credentials/, 'set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, AWS_PROFILE, or run with a role'],
  [
    / 40[13]\b.*AWS credentials/,
    'the credentials are wrong or expired, this clock is, or they may not do it: attach the policy cruddur-xray-otlp of aws/cruddur.yaml',
  ],
  [/ 40[13]\b/, 'whoever answers there wants to know the sender: let a Collector take it unauthenticated'],
  [
    / 400\b/,
    'X-Ray takes spans only with Transaction Search on: aws xray update-trace-segment-destination --destination CloudWatchLogs',
  ],
  [/ 40[45]\b| 3\d\d\b/, 'AWS_XRAY_OTLP_ENDPOINT is taken as it is, with its path /v1/traces'],
  [/ENOTFOUND/, 'no such region, or no network: correct AWS_XRAY_OTLP_ENDPOINT'],
];

/** Sends one span to X-Ray's OTLP endpoint, or to the Collector, as the service sends its own. */
export async function checkXRayOtlp(
  config: NonNullable<Config['xrayOtlp']>,
  service: Config['service'],
  ids: ProbeIds,
): Promise<Interpretation> {
  const deliver = await createXRayExport(config);
  const taken = `the span was taken, ${config.region ? 'signed' : 'unsigned'}`;
  return sendSpan({ config, deliver, service, ids, taken, advice: ADVICE });
}
