import type { KeptLogEvent } from '../journal/entry-store.ts';
import type { Journal } from '../journal/journal.ts';
import { invalidParameter } from './aws-error.ts';
import { parseFilterPattern } from './filter-pattern.ts';
import { type LogGroup, storedIn } from './groups/log-group.ts';
import type { LogGroups } from './groups/log-groups.ts';
import { type Input, readGroupName, readInteger, readStreamNames, readText } from './input.ts';
import { readPage, readPageRequest, writeToken } from './log-event-page.ts';

/**
 * FilterLogEvents: returns the events of a group that match a pattern, from all or some of its streams, by
 * time.
 * https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html
 */
export function filterLogEvents(journal: Journal, groups: LogGroups, input: Input): unknown {
  const group = groups.group(readGroupName(input));
  const inStreams = streamFilter(groups, group, input);
  const matches = parseFilterPattern(readText(input, 'filterPattern') ?? '');
  const start = readInteger(input, 'startTime', 0);
  const end = readInteger(input, 'endTime', 0);
  const request = readPageRequest(input, input.startFromHead === false ? 'backward' : 'forward');
  const events = journal.logEvents(group.name, start, end === undefined ? undefined : end + 1);
  const matching = Iterator.from(events).filter(
    (event) => storedIn(group, event) && inStreams(event) && matches(event.message),
  );
  const page = readPage(matching, request);
  const forward = request.direction === 'forward';
  return {
    events: (forward ? page.events : page.events.toReversed()).map(describeEvent),
    searchedLogStreams: [],
    ...(page.more && { nextToken: writeToken(request.direction, forward ? page.end : page.start) }),
  };
}

function describeEvent({ stream, timestamp, message, receivedAt, id }: KeptLogEvent): unknown {
  return {
    logStreamName: stream,
    timestamp,
    message,
    ingestionTime: receivedAt,
    eventId: String(id),
  };
}

function streamFilter(
  groups: LogGroups,
  group: LogGroup,
  input: Input,
): (event: { readonly stream: string }) => boolean {
  const names = readStreamNames(input);
  const prefix = readText(input, 'logStreamNamePrefix');
  if (names === undefined) return ({ stream }) => stream.startsWith(prefix ?? '');
  if (prefix !== undefined) {
    throw invalidParameter('logStreamNames and logStreamNamePrefix are mutually exclusive.');
  }
  for (const name of names) groups.stream(group.name, name);
  return ({ stream }) => names.includes(stream);
}
