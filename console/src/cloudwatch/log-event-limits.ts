import { isRecord } from '../json.ts';
import { unitOf } from '../times.ts';
import { invalidParameter, invalidValue, missing, wrongType } from './aws-error.ts';
import type { LogGroup } from './groups/log-group.ts';
import { toInteger, toText } from './input.ts';

const MAX_EVENTS = 10_000;
const MAX_BATCH_BYTES = 1_048_576;
const EVENT_OVERHEAD_BYTES = 26;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const TOO_OLD = 14 * DAY;
const TOO_NEW = 2 * HOUR;

interface InputEvent {
  readonly timestamp: number;
  readonly message: string;
}

/** Indexes into the batch, as PutLogEvents returns them: ends are exclusive, the start is inclusive. */
export interface RejectedLogEventsInfo {
  tooNewLogEventStartIndex?: number;
  tooOldLogEventEndIndex?: number;
  expiredLogEventEndIndex?: number;
}

/**
 * Applies the limits of PutLogEvents to a batch. Throws InvalidParameterException when the whole batch is
 * refused.
 * https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html
 */
export function acceptLogEvents(
  batch: readonly unknown[] | undefined,
  group: LogGroup,
): { accepted: InputEvent[]; rejected: RejectedLogEventsInfo | undefined; reason: string } {
  const events = readEvents(batch);
  checkSize(events);
  checkOrder(events);
  const now = Date.now();
  const expiry = group.retentionDays === undefined ? 0 : now - group.retentionDays * DAY;
  const old = countUntil(events, now - TOO_OLD);
  const expired = countUntil(events, expiry);
  const end = countUntil(events, now + TOO_NEW + 1);
  const rejected: RejectedLogEventsInfo = {
    ...(end < events.length && { tooNewLogEventStartIndex: end }),
    ...(old > 0 && { tooOldLogEventEndIndex: old }),
    ...(expired > 0 && { expiredLogEventEndIndex: expired }),
  };
  const accepted = events.slice(Math.max(old, expired), end);
  checkSpan(accepted);
  return {
    accepted,
    rejected: Object.keys(rejected).length > 0 ? rejected : undefined,
    reason: reasonOf(events[end] ?? events[0]),
  };
}

/** Says that the timestamp of a rejected event is in another unit, which is the usual cause. */
function reasonOf(rejected: InputEvent | undefined): string {
  const unit = rejected && unitOf(rejected.timestamp);
  const cause = unit === undefined || unit === 'milliseconds' ? '' : `: ${rejected?.timestamp} is in ${unit}`;
  return `log events too old or too new${cause}`;
}

function readEvents(batch: readonly unknown[] | undefined): InputEvent[] {
  if (batch === undefined) throw missing('logEvents');
  if (batch.length < 1 || batch.length > MAX_EVENTS) {
    throw invalidValue('logEvents', batch.length, `Member must have length between 1 and ${MAX_EVENTS}`);
  }
  return batch.map((value, index) => {
    if (!isRecord(value)) throw wrongType(value, 'a Map');
    const path = `logEvents.${index + 1}.member`;
    const timestamp = toInteger(value.timestamp, `${path}.timestamp`, 'a Long');
    const message = toText(value.message, `${path}.message`);
    if (!Number.isInteger(timestamp) || timestamp < 0) {
      throw invalidValue(`${path}.timestamp`, timestamp, 'Member must be a whole number of milliseconds');
    }
    if (message === '') throw invalidValue(`${path}.message`, '', 'Member must have at least 1 character');
    return { timestamp, message };
  });
}

function checkSize(events: readonly InputEvent[]): void {
  const bytes = events.reduce(
    (sum, { message }) => sum + Buffer.byteLength(message) + EVENT_OVERHEAD_BYTES,
    0,
  );
  if (bytes > MAX_BATCH_BYTES) {
    throw invalidParameter(`Upload too large: ${bytes} bytes exceeds limit of ${MAX_BATCH_BYTES}`);
  }
}

function checkOrder(events: readonly InputEvent[]): void {
  let previous = 0;
  for (const { timestamp } of events) {
    if (timestamp < previous) {
      throw invalidParameter('Log events in a single PutLogEvents request must be in chronological order.');
    }
    previous = timestamp;
  }
}

/** Checks only accepted events: those that are rejected for their age do not count. */
function checkSpan(events: readonly InputEvent[]): void {
  if ((events.at(-1)?.timestamp ?? 0) - (events[0]?.timestamp ?? 0) <= DAY) return;
  throw invalidParameter(
    'The batch of log events in a single PutLogEvents request cannot span more than 24 hours.',
  );
}

/** Returns how many events are before `time`; `events` are ordered by time. */
function countUntil(events: readonly InputEvent[], time: number): number {
  const index = events.findIndex(({ timestamp }) => timestamp >= time);
  return index < 0 ? events.length : index;
}
