import type { RollbarItem } from '../journal/entries.ts';
import { asNumber, asRecord, asString } from '../json.ts';
import { IS_NO_TIME, toSeconds } from '../times.ts';
import { type TraceIds, traceIdsOfFields } from '../trace-id/trace-id-in-fields.ts';

/** The numbers of Rollbar's levels, and the names that other loggers use. */
const LEVELS: Readonly<Record<string, string>> = {
  10: 'debug',
  20: 'info',
  30: 'warning',
  40: 'error',
  50: 'critical',
  warn: 'warning',
  fatal: 'critical',
};

/**
 * Returns an item with a level of Rollbar and its time in seconds. `fault` says why its time is unusable: the
 * item has none then.
 * https://docs.rollbar.com/reference/create-item
 */
export function normalizeItem(data: RollbarItem): { item: RollbarItem; fault?: string } {
  const level = levelOf(data);
  const item: RollbarItem = data.level === undefined ? { level, ...data } : { ...data, level };
  const { timestamp, ...timeless } = item;
  if (timestamp === undefined || timestamp === null) return { item };
  const seconds = toSeconds(asNumber(timestamp));
  if (seconds !== undefined) return { item: { ...item, timestamp: seconds } };
  return { item: timeless, fault: `the item's timestamp ${JSON.stringify(timestamp)} ${IS_NO_TIME}` };
}

/** The default is `info` for a message, and `error` for anything else. */
function levelOf({ level, body }: RollbarItem): string {
  const text = typeof level === 'number' ? String(level) : asString(level)?.toLowerCase();
  if (text) return LEVELS[text] ?? text;
  return asRecord(body).message === undefined ? 'error' : 'info';
}

/** Clients set fields in `custom`, beside `body`, in the parts of the body, and in the request's headers. */
export function traceIdsOfItem(item: RollbarItem): TraceIds {
  for (const fields of [item.custom, item, item.body]) {
    const ids = traceIdsOfFields(asRecord(fields));
    if (ids.traceId !== undefined) return ids;
  }
  return { traceId: undefined };
}
