import { Writable } from 'node:stream';
import type { Config } from '../../config/config.ts';
import { CallFailure } from '../../observability/cloudwatch/call-failure.ts';
import { createCloudwatchTransport } from '../../observability/cloudwatch/transport.ts';
import type { SinkCounters } from '../../observability/delivery/sink-counters.ts';
import { createLogger } from '../../observability/logging/logger.ts';
import { type Hint, type Interpretation, interpret } from './interpret.ts';
import type { ProbeIds } from './probe-ids.ts';
import { createProbeSink } from './probe-sink.ts';

const CALL_TIMEOUT_MS = 10_000;

const ADVICE: Hint = [
  [/no AWS credentials/, 'set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, AWS_PROFILE, or run with a role'],
  [/Region is missing/, 'set AWS_REGION'],
  [/ENOTFOUND/, 'no such region, or no network: correct AWS_REGION'],
  [
    /UnrecognizedClient|InvalidClientTokenId/,
    'the access key is refused: correct AWS_ACCESS_KEY_ID, or the account has not enabled AWS_REGION',
  ],
  [
    /InvalidSignature|SignatureDoesNotMatch|IncompleteSignature/,
    'the signature is refused: AWS_SECRET_ACCESS_KEY is of another key, the endpoint of another region than AWS_REGION, or this clock is wrong',
  ],
  [/RequestTimeTooSkewed|RequestExpired/, "this machine's clock is wrong: set it"],
  [/ExpiredToken/, 'the credentials have expired: get new ones'],
  [
    /AccessDenied\w*: CreateLogGroup|CreateLogGroup answered 403/,
    'the log group is not in this region, and the credentials may not create it: deploy aws/cruddur.yaml, or correct CLOUDWATCH_LOG_GROUP or AWS_REGION',
  ],
  [
    /AccessDenied|answered 40[13]/,
    'the credentials may not do this: attach the policy cruddur-logs of aws/cruddur.yaml',
  ],
];

/** Logs one line as the service logs its own; group and stream are made when they are missing. */
export async function checkCloudwatch(
  config: NonNullable<Config['cloudwatch']>,
  service: Config['service'],
  ids: ProbeIds,
): Promise<Interpretation> {
  const { sink, outcome } = createProbeSink('cloudwatch');
  let retention: CallFailure | undefined;
  const apart: SinkCounters = {
    ...sink,
    // The line is kept all the same.
    failed: (reason) => {
      if (reason instanceof CallFailure && reason.operation === 'PutRetentionPolicy') retention = reason;
      else sink.failed(reason);
    },
  };
  const logger = createLogger({
    level: 'info',
    service: service.name,
    stdout: new Writable({ write: (_chunk, _encoding, done) => done() }),
    cloudwatch: createCloudwatchTransport({ config, sink: apart, delayMs: 0, timeoutMs: CALL_TIMEOUT_MS }),
  });
  logger.info('doctor', {}, { ...ids, traceFlags: 0 });
  const result = await outcome;
  await logger.drain(0);
  const diagnosis = interpret(result, `the line is in ${config.group}, ${config.stream}`, ADVICE);
  if (!diagnosis.works || retention === undefined) return diagnosis;
  return {
    ...diagnosis,
    advice: `lines are kept, and billed, for ever: ${retention.name}: ${retention.message}`,
  };
}
