import type { KeptLogEvent } from '../journal/entry-store.ts';
import type { Journal } from '../journal/journal.ts';
import { storedIn } from './groups/log-group.ts';
import type { LogGroups } from './groups/log-groups.ts';
import { type Input, readGroupName, readInteger, readStreamName } from './input.ts';
import { readPage, readPageRequest, writeToken } from './log-event-page.ts';

/**
 * GetLogEvents: returns the events of one stream, page by page in both directions, by default the latest
 * first. At either end, the token in the response is the one of the request.
 * https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_GetLogEvents.html
 */
export function getLogEvents(journal: Journal, groups: LogGroups, input: Input): unknown {
  const group = groups.group(readGroupName(input));
  const stream = groups.stream(group.name, readStreamName(input));
  const start = readInteger(input, 'startTime', 0);
  const end = readInteger(input, 'endTime', 0);
  const ofStream = Iterator.from(journal.logEvents(group.name, start, end)).filter(
    (event) => event.stream === stream.name && storedIn(group, event),
  );
  const page = readPage(
    ofStream,
    readPageRequest(input, input.startFromHead === true ? 'forward' : 'backward'),
  );
  return {
    events: page.events.map(describeEvent),
    nextForwardToken: writeToken('forward', page.end),
    nextBackwardToken: writeToken('backward', page.start),
  };
}

function describeEvent({ timestamp, message, receivedAt }: KeptLogEvent): unknown {
  return { timestamp, message, ingestionTime: receivedAt };
}
