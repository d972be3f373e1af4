import { randomUUID } from 'node:crypto';
import type { Journal } from '../journal/journal.ts';
import { traceIdsOfLine } from '../trace-id/trace-id-in-line.ts';
import { type Input, readGroupName, readStreamName } from './input.ts';
import { acceptLogEvents } from './log-event-limits.ts';
import type { LogGroups } from './log-groups.ts';

/**
 * PutLogEvents: adds the events that are within the limits to the journal, and records the others as
 * unreadable. Older clients need the sequence token in the response.
 */
export function putLogEvents(journal: Journal, groups: LogGroups, input: Input): unknown {
  const group = groups.group(readGroupName(input));
  const stream = groups.stream(group.name, readStreamName(input));
  const { accepted, rejected } = acceptLogEvents(input.logEvents, group);
  if (rejected) {
    journal.recordUnreadable('cloudwatch-logs', 'log events too old or too new', JSON.stringify(rejected));
  }
  const receivedAt = Date.now();
  for (const { timestamp, message } of accepted) {
    const log = { group: group.name, stream: stream.name, timestamp, message };
    journal.add({ kind: 'log', ...traceIdsOfLine(message), receivedAt, log });
    stream.firstEventTimestamp = Math.min(stream.firstEventTimestamp ?? timestamp, timestamp);
    stream.lastEventTimestamp = Math.max(stream.lastEventTimestamp ?? timestamp, timestamp);
    stream.lastIngestionTime = receivedAt;
  }
  return { nextSequenceToken: randomUUID(), ...(rejected && { rejectedLogEventsInfo: rejected }) };
}
