import type { Request } from 'express';
import type { Config } from '../../config/config.ts';

/** The requests that count together. Each budget has a variable and a counter per client of its own. */
export type Budget = Exclude<keyof Config['rateLimits'], 'store'>;

/** The names of the budgets in `RateLimit` and `RateLimit-Policy`. */
export const BUDGET_NAMES: Readonly<Record<Budget, string>> = {
  reads: 'reads',
  writes: 'writes',
  search: 'search',
  rollbarTest: 'rollbar-test',
};

/** Reads that cost more than the others: a search in the index, and a Rollbar item. */
const READS: Readonly<Record<string, Budget | undefined>> = {
  '/api/activities/search': 'search',
  '/rollbar/test': 'rollbarTest',
};

/**
 * Returns the budget that a request counts against, whether its path exists or not. A preflight has none,
 * because a browser sends it without being asked.
 */
export function budgetOf({ method, path }: Pick<Request, 'method' | 'path'>): Budget | undefined {
  if (method === 'OPTIONS') return undefined;
  if (method !== 'GET' && method !== 'HEAD') return 'writes';
  return Object.hasOwn(READS, path) ? READS[path] : 'reads';
}
