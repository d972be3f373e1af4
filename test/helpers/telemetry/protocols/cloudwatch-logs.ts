import { z } from 'zod';
import type { Answer, HttpProtocol } from './http-receiver.ts';
import { LogEvents, splitByAge } from './log-event-limits.ts';

const TARGET = 'Logs_20140328.';
const CONTENT_TYPE = 'application/x-amz-json-1.1';

/** One log event; `timestamp` is the sender's, in milliseconds since the epoch. */
export interface LogEvent {
  readonly group: string;
  readonly stream: string;
  readonly timestamp: number;
  readonly message: string;
}

interface LogGroup {
  readonly streams: Set<string>;
  retentionDays?: number;
}

/** An error that AWS answers to requests which are well-formed. */
class AwsError extends Error {
  readonly type: string;

  constructor(type: string, message: string) {
    super(message);
    this.type = type;
  }
}

const group = { logGroupName: z.string().regex(/^[\w./#-]{1,512}$/) };
const stream = { ...group, logStreamName: z.string().regex(/^[^:*]{1,512}$/) };
const CreateLogGroup = z.strictObject(group);
const CreateLogStream = z.strictObject(stream);
const DescribeLogStreams = z.strictObject({ ...group, logStreamNamePrefix: z.string().optional() });
const PutRetentionPolicy = z.strictObject({ ...group, retentionInDays: z.int().min(1).max(3653) });
const PutLogEvents = z.strictObject({
  ...stream,
  logEvents: LogEvents,
  sequenceToken: z.string().optional(),
});

/**
 * Receives the calls of CloudWatch Logs that write, in AWS JSON 1.1.
 * https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_Operations.html
 */
export function cloudwatchLogs(onEvent: (event: LogEvent) => void): HttpProtocol {
  const groups = new Map<string, LogGroup>();

  function groupNamed(name: string): LogGroup {
    const found = groups.get(name);
    if (found === undefined) throw notFound('log group');
    return found;
  }

  const operations: Record<string, (input: unknown) => object> = {
    CreateLogGroup(input) {
      const { logGroupName } = CreateLogGroup.parse(input);
      if (groups.has(logGroupName)) throw alreadyExists('log group');
      groups.set(logGroupName, { streams: new Set() });
      return {};
    },
    CreateLogStream(input) {
      const { logGroupName, logStreamName } = CreateLogStream.parse(input);
      const { streams } = groupNamed(logGroupName);
      if (streams.has(logStreamName)) throw alreadyExists('log stream');
      streams.add(logStreamName);
      return {};
    },
    DescribeLogStreams(input) {
      const { logGroupName, logStreamNamePrefix = '' } = DescribeLogStreams.parse(input);
      const names = [...groupNamed(logGroupName).streams].filter((name) =>
        name.startsWith(logStreamNamePrefix),
      );
      return { logStreams: names.map((logStreamName) => ({ logStreamName, uploadSequenceToken: '1' })) };
    },
    PutRetentionPolicy(input) {
      const { logGroupName, retentionInDays } = PutRetentionPolicy.parse(input);
      groupNamed(logGroupName).retentionDays = retentionInDays;
      return {};
    },
    PutLogEvents(input) {
      const { logGroupName, logStreamName, logEvents } = PutLogEvents.parse(input);
      const { streams, retentionDays } = groupNamed(logGroupName);
      if (!streams.has(logStreamName)) throw notFound('log stream');
      const { accepted, rejectedLogEventsInfo } = splitByAge(logEvents, retentionDays);
      for (const event of accepted) onEvent({ group: logGroupName, stream: logStreamName, ...event });
      return { nextSequenceToken: '1', rejectedLogEventsInfo };
    },
  };

  return {
    name: 'cloudwatch-logs',
    matches: (_path, headers) => String(headers['x-amz-target']).startsWith(TARGET),
    receive({ headers, json }) {
      const operation = operations[String(headers['x-amz-target']).slice(TARGET.length)];
      if (operation === undefined) throw new Error(`unknown operation ${headers['x-amz-target']}`);
      if (headers['content-type'] !== CONTENT_TYPE)
        throw new Error(`the content type is not ${CONTENT_TYPE}`);
      if (!/^AWS4-HMAC-SHA256 .*\/logs\/aws4_request/.test(String(headers.authorization)))
        throw new Error('the request is not signed');
      try {
        return { status: 200, body: operation(json), contentType: CONTENT_TYPE };
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
        return failure(error.type, error.message);
      }
    },
    refuse: (reason) => failure('InvalidParameterException', reason),
  };
}

function failure(type: string, message: string): Answer {
  return { status: 400, body: { __type: type, message }, contentType: CONTENT_TYPE };
}

function notFound(what: string): AwsError {
  return new AwsError('ResourceNotFoundException', `The specified ${what} does not exist.`);
}

function alreadyExists(what: string): AwsError {
  return new AwsError('ResourceAlreadyExistsException', `The specified ${what} already exists`);
}
