import { randomUUID } from 'node:crypto';
import {
  type Answer,
  type HttpReceiver,
  jsonAnswer,
  type ReceivedRequest,
  UnreadableInput,
} from '../http/receiver.ts';
import type { Journal } from '../journal/journal.ts';
import { isRecord, parseJson } from '../json.ts';
import { AwsError } from './aws-error.ts';
import { describeLogGroups, describeLogStreams } from './describe-logs.ts';
import { filterLogEvents } from './filter-log-events.ts';
import { getLogEvents } from './get-log-events.ts';
import { groupOperations } from './group-operations.ts';
import { type Input, readGroupName } from './input.ts';
import { tagOperations } from './log-group-tags.ts';
import { createLogGroups } from './log-groups.ts';
import { putLogEvents } from './put-log-events.ts';

const TARGET = 'Logs_20140328.';
const SAMPLE_LENGTH = 500;

/**
 * Receives CloudWatch Logs in AWS JSON 1.1: groups, streams, tags, retention, and writing and reading log
 * events.
 * https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/Welcome.html
 */
export function createCloudWatchLogs(journal: Journal): HttpReceiver {
  const groups = createLogGroups();
  const operations = new Map<string, (input: Input) => unknown>(
    Object.entries({
      ...groupOperations(groups),
      ...tagOperations(groups),
      DescribeLogGroups: (input) => describeLogGroups(groups.all(), input),
      DescribeLogStreams: (input) => describeLogStreams(groups.group(readGroupName(input)), input),
      PutLogEvents: (input) => putLogEvents(journal, groups, input),
      FilterLogEvents: (input) => filterLogEvents(journal, groups, input),
      GetLogEvents: (input) => getLogEvents(journal, groups, input),
    }),
  );

  function receive({ headers, body }: ReceivedRequest): Answer {
    const name = String(headers['x-amz-target']).slice(TARGET.length);
    const couldNotRead = (reason: string) => {
      journal.recordUnreadable('cloudwatch-logs', reason, body.toString('utf8', 0, SAMPLE_LENGTH));
    };
    const operation = operations.get(name);
    if (!operation) {
      couldNotRead(`unknown operation ${name.slice(0, 100)}`);
      return refusal(400, 'UnknownOperationException', '');
    }
    const input = parseJson(body.length === 0 ? '{}' : body.toString());
    if (!isRecord(input)) throw new UnreadableInput(400, 'the input is not an object');
    try {
      return answer(200, operation(input) ?? {});
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      if (error.type === 'InvalidParameterException') couldNotRead(error.message);
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

function refusal(status: number, type: string, message: string): Answer {
  return answer(status, { __type: type, message });
}

function answer(status: number, body: unknown): Answer {
  return {
    ...jsonAnswer(status, body, 'application/x-amz-json-1.1'),
    headers: { 'x-amzn-requestid': randomUUID() },
  };
}
