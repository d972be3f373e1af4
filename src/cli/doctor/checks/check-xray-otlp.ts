import type { Config } from '../../../config/config.ts';
import { createXRayExport } from '../../../observability/otlp/destinations.ts';
import { awsHints } from '../diagnosis/aws-hints.ts';
import type { Hints, Interpretation } from '../interpret.ts';
import type { ProbeIds } from '../probe-ids.ts';
import { sendSpan } from '../send-span.ts';

const HINTS: Hints = [
  [
    / 40[13]\b.*AWS credentials/,
    'the credentials are wrong or expired, this clock is wrong, or permission is missing: ' +
      'attach the policy cruddur-xray-otlp of aws/cruddur.yaml',
  ],
  [/ 40[13]\b/, 'the receiver requires authentication: let the Collector accept unauthenticated requests'],
  [
    / 400\b/,
    'X-Ray accepts spans only with Transaction Search on: ' +
      'aws xray update-trace-segment-destination --destination CloudWatchLogs',
  ],
  [/ 40[45]\b| 3\d\d\b/, 'AWS_XRAY_OTLP_ENDPOINT is used unchanged: include its path /v1/traces'],
  [/ENOTFOUND/, 'the region does not exist, or the network is down: correct AWS_XRAY_OTLP_ENDPOINT'],
];

/** Sends one span to X-Ray's OTLP endpoint, or to a Collector, through the service's own exporter. */
export async function checkXRayOtlp(
  config: NonNullable<Config['xrayOtlp']>,
  service: Config['service'],
  ids: ProbeIds,
  awsProfile: string | undefined,
): Promise<Interpretation> {
  const deliver = await createXRayExport(config);
  const accepted = `the span was accepted, ${config.region ? 'signed' : 'unsigned'}`;
  const hints = [...awsHints(awsProfile), ...HINTS];
  return sendSpan({ config, deliver, service, ids, accepted, hints });
}
