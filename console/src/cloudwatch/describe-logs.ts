import { invalidParameter } from './aws-error.ts';
import type { LogGroup, LogStream } from './groups/log-group.ts';
import { groupNameOfArn, type Input, readInteger, readList, readText } from './input.ts';

const MAX_PAGE = 50;

/** DescribeLogGroups: ordered by name, at most 50 per page. */
export function describeLogGroups(groups: readonly LogGroup[], input: Input): unknown {
  const matching = groups.filter(groupFilter(input)).sort(byName);
  const { items, nextToken } = page(matching, input);
  return {
    logGroups: items.map((group) => ({
      logGroupName: group.name,
      arn: `${arn(group)}:*`,
      logGroupArn: arn(group),
      creationTime: group.createdAt,
      retentionInDays: group.retentionDays,
      metricFilterCount: 0,
      storedBytes: 0,
      logGroupClass: group.class,
    })),
    nextToken,
  };
}

/** DescribeLogStreams: ordered by name or by the time of the last event, at most 50 per page. */
export function describeLogStreams(group: LogGroup, input: Input): unknown {
  const prefix = readText(input, 'logStreamNamePrefix');
  const byTime = input.orderBy === 'LastEventTime';
  if (byTime && prefix !== undefined) {
    throw invalidParameter('Cannot order by LastEventTime with a logStreamNamePrefix.');
  }
  const matching = [...group.streams.values()]
    .filter(({ name }) => name.startsWith(prefix ?? ''))
    .sort(byTime ? byLastEvent : byName);
  const { items, nextToken } = page(input.descending === true ? matching.reverse() : matching, input);
  return { logStreams: items.map((stream) => describeStream(group, stream)), nextToken };
}

function describeStream(group: LogGroup, stream: LogStream): unknown {
  return {
    logStreamName: stream.name,
    arn: `${arn(group)}:log-stream:${stream.name}`,
    creationTime: stream.createdAt,
    firstEventTimestamp: stream.firstEventTimestamp,
    lastEventTimestamp: stream.lastEventTimestamp,
    lastIngestionTime: stream.lastIngestionTime,
    uploadSequenceToken: '1',
    storedBytes: 0,
  };
}

function groupFilter(input: Input): (group: LogGroup) => boolean {
  const prefix = readText(input, 'logGroupNamePrefix');
  const pattern = readText(input, 'logGroupNamePattern');
  const groupClass = readText(input, 'logGroupClass');
  if (prefix !== undefined && pattern !== undefined) {
    throw invalidParameter('logGroupNamePrefix and logGroupNamePattern are mutually exclusive.');
  }
  const names = (readList(input, 'logGroupIdentifiers') ?? []).map((each) => groupNameOfArn(each) ?? each);
  return (group) =>
    group.name.startsWith(prefix ?? '') &&
    group.name.includes(pattern ?? '') &&
    (groupClass === undefined || group.class === groupClass) &&
    (names.length === 0 || names.includes(group.name));
}

function page<T>(all: readonly T[], input: Input): { items: T[]; nextToken: string | undefined } {
  const limit = readInteger(input, 'limit', 1, MAX_PAGE) ?? MAX_PAGE;
  const start = Number(readText(input, 'nextToken') ?? 0);
  if (!Number.isInteger(start) || start < 0) throw invalidParameter('The specified nextToken is invalid.');
  const end = start + limit;
  return { items: all.slice(start, end), nextToken: end < all.length ? String(end) : undefined };
}

function byName(a: { name: string }, b: { name: string }): number {
  return a.name < b.name ? -1 : 1;
}

function byLastEvent(a: LogStream, b: LogStream): number {
  return (a.lastEventTimestamp ?? 0) - (b.lastEventTimestamp ?? 0);
}

function arn({ name }: LogGroup): string {
  return `arn:aws:logs:local:000000000000:log-group:${name}`;
}
