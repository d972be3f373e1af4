import { z } from 'zod';

const MAX_BATCH_BYTES = 1_048_576;
const EVENT_OVERHEAD_BYTES = 26;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const OLDEST = 14 * DAY;
const NEWEST = 2 * HOUR;

const InputEvent = z.strictObject({ timestamp: z.int().min(0), message: z.string().min(1) });
type Events = readonly z.infer<typeof InputEvent>[];

/**
 * The events of one PutLogEvents call, within the limits that refuse a whole batch.
 * https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html
 */
export const LogEvents = z
  .array(InputEvent)
  .min(1)
  .max(10_000)
  .refine((events) => sizeOf(events) <= MAX_BATCH_BYTES, `holds more than ${MAX_BATCH_BYTES} bytes`)
  .refine(isInOrder, 'is not in chronological order');

/**
 * Splits off what is too old or too new, and names it as AWS does: ends are exclusive, the start is
 * inclusive.
 */
export function splitByAge(events: Events, retentionDays: number | undefined) {
  const now = Date.now();
  const tooOld = countBefore(events, now - OLDEST);
  const expired = retentionDays === undefined ? 0 : countBefore(events, now - retentionDays * DAY);
  const tooNew = countBefore(events, now + NEWEST + 1);
  const accepted = events.slice(Math.max(tooOld, expired), tooNew);
  if ((accepted.at(-1)?.timestamp ?? 0) - (accepted[0]?.timestamp ?? 0) > DAY)
    throw new Error('the batch spans more than 24 hours');
  const rejected = {
    ...(tooNew < events.length && { tooNewLogEventStartIndex: tooNew }),
    ...(tooOld > 0 && { tooOldLogEventEndIndex: tooOld }),
    ...(expired > 0 && { expiredLogEventEndIndex: expired }),
  };
  return { accepted, rejectedLogEventsInfo: accepted.length < events.length ? rejected : undefined };
}

function sizeOf(events: Events): number {
  return events.reduce((sum, { message }) => sum + Buffer.byteLength(message) + EVENT_OVERHEAD_BYTES, 0);
}

function isInOrder(events: Events): boolean {
  return events.every(({ timestamp }, index) => timestamp >= (events[index - 1]?.timestamp ?? 0));
}

/** Returns how many events, which are in order, are before `time`. */
function countBefore(events: Events, time: number): number {
  const index = events.findIndex(({ timestamp }) => timestamp >= time);
  return index < 0 ? events.length : index;
}
