import { randomUUID } from 'node:crypto';
import type { Journal } from '../journal/journal.ts';
import type { PartialLines } from '../trace-id/partial-lines.ts';
import { traceIdsOfLine } from '../trace-id/trace-id-in-line.ts';
import type { LogGroups } from './groups/log-groups.ts';
import { type Input, readGroupName, readList, readStreamName } from './input.ts';
import { acceptLogEvents } from './log-event-limits.ts';

/**
 * PutLogEvents: adds the events that are within the limits to the journal, and records the others as
 * unreadable. Older clients need the sequence token in the response.
 */
export function putLogEvents(
  journal: Journal,
  groups: LogGroups,
  partials: PartialLines,
  input: Input,
): unknown {
  const group = groups.group(readGroupName(input));
  const stream = groups.stream(group.name, readStreamName(input));
  const { accepted, rejected, reason } = acceptLogEvents(readList(input, 'logEvents'), group);
  if (rejected) {
    journal.recordUnreadable('cloudwatch-logs', reason, JSON.stringify(rejected));
  }
  const receivedAt = Date.now();
  for (const { timestamp, message } of accepted) {
    const log = { group: group.name, stream: stream.name, timestamp, message };
    journal.add({ kind: 'log', ...traceIdsOfLine(message, partials), receivedAt, log });
  }
  return { nextSequenceToken: randomUUID(), ...(rejected && { rejectedLogEventsInfo: rejected }) };
}
