import { z } from 'zod';

const HOUR_MS = 3_600_000;

/** The allowed lifetimes of an activity, in milliseconds. */
export const TTL_MS = {
  '30-days': 30 * 24 * HOUR_MS,
  '7-days': 7 * 24 * HOUR_MS,
  '3-days': 3 * 24 * HOUR_MS,
  '1-day': 24 * HOUR_MS,
  '12-hours': 12 * HOUR_MS,
  '3-hours': 3 * HOUR_MS,
  '1-hour': HOUR_MS,
} as const;

export const Ttl = z.enum(Object.keys(TTL_MS) as (keyof typeof TTL_MS)[], 'ttl_blank');
export type Ttl = z.infer<typeof Ttl>;
