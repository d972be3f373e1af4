import { Writable } from 'node:stream';
import type { Config } from '../../../config/config.ts';
import { CallFailure } from '../../../observability/cloudwatch/call-failure.ts';
import { createCloudwatchTransport } from '../../../observability/cloudwatch/transport.ts';
import type { SinkCounters } from '../../../observability/delivery/sink-counters.ts';
import { createLogger } from '../../../observability/logging/logger.ts';
import { awsHints, SEE_CLOCK } from '../diagnosis/aws-hints.ts';
import { type Hints, type Interpretation, interpret } from '../interpret.ts';
import type { ProbeIds } from '../probe-ids.ts';
import { createProbeSink } from '../probe-sink.ts';

const CALL_TIMEOUT_MS = 10_000;

const HINTS: Hints = [
  [/ENOTFOUND/, 'the region does not exist, or the network is down: correct AWS_REGION'],
  [
    /UnrecognizedClient|InvalidClientTokenId/,
    'the access key is rejected: correct AWS_ACCESS_KEY_ID, or enable the region AWS_REGION in the account',
  ],
  [
    /InvalidSignature|SignatureDoesNotMatch|IncompleteSignature/,
    'the signature is rejected: AWS_SECRET_ACCESS_KEY belongs to another key, ' +
      `the endpoint to another region than AWS_REGION, or this clock is wrong ${SEE_CLOCK}`,
  ],
  [
    /AccessDenied\w*: CreateLogGroup|CreateLogGroup answered 403/,
    'the log group does not exist in this region, and the credentials do not allow creating it: ' +
      'deploy aws/cruddur.yaml, or correct CLOUDWATCH_LOG_GROUP or AWS_REGION',
  ],
  [
    /AccessDenied|answered 40[13]/,
    'the credentials lack permission: attach the policy cruddur-logs of aws/cruddur.yaml',
  ],
];

/** Logs one line through the service's own logger, which creates a missing log group and stream. */
export async function checkCloudwatch(
  config: NonNullable<Config['cloudwatch']>,
  service: Config['service'],
  ids: ProbeIds,
  awsProfile: string | undefined,
): Promise<Interpretation> {
  const { sink, outcome } = createProbeSink('cloudwatch');
  let retention: CallFailure | undefined;
  const sinkWithoutRetention: SinkCounters = {
    ...sink,
    // The line is stored even if the retention cannot be set.
    failed: (reason) => {
      if (reason instanceof CallFailure && reason.operation === 'PutRetentionPolicy') retention = reason;
      else sink.failed(reason);
    },
  };
  const logger = createLogger({
    level: 'info',
    service: service.name,
    stdout: new Writable({ write: (_chunk, _encoding, done) => done() }),
    cloudwatch: createCloudwatchTransport({
      config,
      sink: sinkWithoutRetention,
      delayMs: 0,
      timeoutMs: CALL_TIMEOUT_MS,
    }),
  });
  logger.info('doctor', {}, { ...ids, traceFlags: 0 });
  const result = await outcome;
  await logger.drain(0);
  const accepted = `the line was stored in ${config.group}, ${config.stream}`;
  const interpretation = interpret(result, accepted, [...awsHints(awsProfile), ...HINTS]);
  if (!interpretation.works || retention === undefined) return interpretation;
  return {
    ...interpretation,
    advice: `no retention is set: lines are kept and billed forever: ${retention.name}: ${retention.message}`,
  };
}
