import { randomUUID } from 'node:crypto';
import {
  type Answer,
  type HttpReceiver,
  jsonAnswer,
  type ReceivedRequest,
  Unreadable,
} from '../http/receiver.ts';
import type { Journal } from '../journal/journal.ts';
import { asRecord, asString, isRecord, parseJson } from '../json.ts';
import { traceIdOfFields, traceIdOfText } from '../trace-id.ts';
import { describeLogGroups, describeLogStreams } from './describe-logs.ts';
import { AwsError, createLogGroups, type LogGroups } from './log-groups.ts';
import { acceptLogEvents } from './put-log-events.ts';

type Input = Record<string, unknown>;

const TARGET = 'Logs_20140328.';
const GROUP_NAME = /^[\w./#-]{1,512}$/;
const STREAM_NAME = /^[^:*]{1,512}$/;
const RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

/**
 * CloudWatch Logs in AWS JSON 1.1: what is needed to create groups and streams and to put events into them.
 * https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/Welcome.html
 */
export function createCloudWatchLogs(journal: Journal): HttpReceiver {
  const groups = createLogGroups();
  const operations = new Map<string, (input: Input) => unknown>([
    ['CreateLogGroup', (input) => createLogGroup(groups, input)],
    ['CreateLogStream', (input) => groups.createStream(groupName(input), streamName(input))],
    ['DescribeLogGroups', (input) => describeLogGroups(groups.all(), input)],
    ['DescribeLogStreams', (input) => describeLogStreams(groups.group(groupName(input)), input)],
    ['PutRetentionPolicy', (input) => putRetentionPolicy(groups, input)],
    ['PutLogEvents', (input) => putLogEvents(journal, groups, input)],
  ]);

  function receive({ headers, body }: ReceivedRequest): Answer {
    const name = String(headers['x-amz-target']).slice(TARGET.length);
    const operation = operations.get(name);
    if (!operation) {
      journal.couldNotRead(
        'cloudwatch-logs',
        `unknown operation ${name.slice(0, 100)}`,
        body.toString('utf8', 0, 500),
      );
      return refusal(400, 'UnknownOperationException', '');
    }
    const input = parseJson(body.length === 0 ? '{}' : body.toString());
    if (!isRecord(input)) throw new Unreadable(400, 'the input is not an object');
    try {
      return answer(200, operation(input) ?? {});
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      if (error.type === 'InvalidParameterException') {
        journal.couldNotRead('cloudwatch-logs', error.message, body.toString('utf8', 0, 500));
      }
      return refusal(400, error.type, error.message);
    }
  }

  return {
    protocol: 'cloudwatch-logs',
    matches: ({ headers }) => String(headers['x-amz-target']).startsWith(TARGET),
    receive,
    refuse: (status, reason) =>
      refusal(status, status === 413 ? 'RequestEntityTooLargeException' : 'SerializationException', reason),
  };
}

function createLogGroup(groups: LogGroups, input: Input): void {
  groups.createGroup(groupName(input));
}

function putRetentionPolicy(groups: LogGroups, input: Input): void {
  const days = Number(input.retentionInDays);
  if (!RETENTION_DAYS.includes(days)) {
    throw new AwsError(
      'InvalidParameterException',
      `retentionInDays must be one of ${RETENTION_DAYS.join(', ')}`,
    );
  }
  groups.group(groupName(input)).retentionDays = days;
}

function putLogEvents(journal: Journal, groups: LogGroups, input: Input): unknown {
  const group = groups.group(groupName(input));
  const stream = group.streams.get(streamName(input));
  if (!stream) {
    throw new AwsError('ResourceNotFoundException', 'The specified log stream does not exist.');
  }
  const { accepted, rejected } = acceptLogEvents(input.logEvents, group);
  if (rejected) {
    journal.couldNotRead('cloudwatch-logs', 'log events too old or too new', JSON.stringify(rejected));
  }
  const receivedAt = Date.now();
  for (const { timestamp, message } of accepted) {
    const log = { group: group.name, stream: stream.name, timestamp, message };
    journal.add({ kind: 'log', traceId: traceIdOfMessage(message), receivedAt, log });
    stream.firstEventTimestamp = Math.min(stream.firstEventTimestamp ?? timestamp, timestamp);
    stream.lastEventTimestamp = Math.max(stream.lastEventTimestamp ?? timestamp, timestamp);
    stream.lastIngestionTime = receivedAt;
  }
  return { nextSequenceToken: randomUUID(), ...(rejected && { rejectedLogEventsInfo: rejected }) };
}

function traceIdOfMessage(message: string): string | undefined {
  if (!message.startsWith('{')) return traceIdOfText(message);
  try {
    return traceIdOfFields(asRecord(JSON.parse(message)));
  } catch {
    return traceIdOfText(message);
  }
}

/** The name itself, or in newer parameters the name or the ARN (`arn:aws:logs:region:account:log-group:name`). */
function groupName(input: Input): string {
  const identifier = asString(input.logGroupIdentifier);
  const given =
    input.logGroupName ?? (identifier?.startsWith('arn:') ? identifier.split(':')[6] : identifier);
  return name(given, GROUP_NAME, 'logGroupName');
}

function streamName(input: Input): string {
  return name(input.logStreamName, STREAM_NAME, 'logStreamName');
}

function name(value: unknown, pattern: RegExp, parameter: string): string {
  if (typeof value === 'string' && pattern.test(value)) return value;
  throw new AwsError(
    'InvalidParameterException',
    `1 validation error detected: Value at '${parameter}' failed to satisfy constraint: Member must satisfy regular expression pattern: ${pattern.source}`,
  );
}

function refusal(status: number, type: string, message: string): Answer {
  return answer(status, { __type: type, message });
}

function answer(status: number, body: unknown): Answer {
  return {
    ...jsonAnswer(status, body, 'application/x-amz-json-1.1'),
    headers: { 'x-amzn-requestid': randomUUID() },
  };
}
