import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import {
  type Answer,
  type HttpReceiver,
  jsonAnswer,
  type ReceivedRequest,
  UnreadableInput,
} from '../http/receiver.ts';
import type { Journal } from '../journal/journal.ts';
import { isRecord, parseJson } from '../json.ts';
import { createPartialLines } from '../trace-id/partial-lines.ts';
import { AwsError } from './aws-error.ts';
import { describeLogGroups, describeLogStreams } from './describe-logs.ts';
import { filterLogEvents } from './filter-log-events.ts';
import { getLogEvents } from './get-log-events.ts';
import { groupOperations } from './groups/group-operations.ts';
import { tagOperations } from './groups/log-group-tags.ts';
import { createLogGroups } from './groups/log-groups.ts';
import { type Input, readGroupName } from './input.ts';
import { putLogEvents } from './put-log-events.ts';

const TARGET = 'Logs_20140328.';
const CONTENT_TYPE = 'application/x-amz-json-1.1';
/** The scope in the signature of a request to CloudWatch Logs. */
const SIGNED = '/logs/aws4_request';
const SAMPLE_LENGTH = 500;
const UNREADABLE = new Set(['InvalidParameterException', 'SerializationException']);

/**
 * Receives CloudWatch Logs in AWS JSON 1.1: groups, streams, tags, retention, and writing and reading log
 * events.
 * https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/Welcome.html
 */
export function createCloudWatchLogs(journal: Journal): HttpReceiver {
  const groups = createLogGroups(journal.reserve);
  const partials = createPartialLines();
  // Also for the events of a recording, which come without CreateLogGroup.
  journal.subscribe({
    added(entry) {
      if (entry.kind === 'log') groups.note(entry.log, entry.receivedAt);
    },
  });
  const operations = new Map<string, (input: Input) => unknown>(
    Object.entries({
      ...groupOperations(groups),
      ...tagOperations(groups),
      DescribeLogGroups: (input) => describeLogGroups(groups.all(), input),
      DescribeLogStreams: (input) => describeLogStreams(groups.group(readGroupName(input)), input),
      PutLogEvents: (input) => putLogEvents(journal, groups, partials, input),
      FilterLogEvents: (input) => filterLogEvents(journal, groups, input),
      GetLogEvents: (input) => getLogEvents(journal, groups, input),
    }),
  );

  function receive({ headers, body }: ReceivedRequest): Answer {
    const target = String(headers['x-amz-target'] ?? '');
    const name = target.startsWith(TARGET) ? target.slice(TARGET.length) : target;
    const couldNotRead = (reason: string) => {
      journal.recordUnreadable('cloudwatch-logs', reason, body.toString('utf8', 0, SAMPLE_LENGTH));
    };
    const operation = target.startsWith(TARGET) ? operations.get(name) : undefined;
    if (!operation) {
      couldNotRead(`unknown operation ${name.slice(0, 100)}`);
      return answer(400, { __type: 'UnknownOperationException' });
    }
    const input = parseJson(body.length === 0 ? '{}' : body.toString());
    if (!isRecord(input)) throw new UnreadableInput(400, 'the input is not an object');
    try {
      return answer(200, operation(input) ?? {});
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      if (UNREADABLE.has(error.type)) couldNotRead(error.message);
      return refusal(400, error.type, error.message);
    }
  }

  return {
    protocol: 'cloudwatch-logs',
    matches: ({ method, path, headers }) =>
      method === 'POST' &&
      (headers['x-amz-target'] !== undefined || (path === '/' && isSignedOrTyped(headers))),
    receive,
    refuse: (status, reason) =>
      refusal(status, status === 413 ? 'RequestEntityTooLargeException' : 'SerializationException', reason),
  };
}

/** Without the name of an operation, only these show that the request is for CloudWatch Logs. */
function isSignedOrTyped({ authorization, 'content-type': type }: IncomingHttpHeaders): boolean {
  return authorization?.includes(SIGNED) === true || type?.startsWith(CONTENT_TYPE) === true;
}

function refusal(status: number, type: string, message: string): Answer {
  return answer(status, { __type: type, message });
}

function answer(status: number, body: unknown): Answer {
  return {
    ...jsonAnswer(status, body, CONTENT_TYPE),
    // Fluent Bit looks for this spelling, and sends the lines again without it.
    headers: { 'x-amzn-RequestId': randomUUID() },
  };
}
