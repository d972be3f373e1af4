import type { RequestHandler } from 'express';
import type { Config } from '../../config/config.ts';
import type { Queryable } from '../../db/query.ts';
import type { Logger } from '../../observability/logging/logger.ts';
import { BUDGET_NAMES, type Budget, budgetOf } from './budgets.ts';
import type { OpenCounter } from './count.ts';
import { createDatabaseCounter } from './database-counter.ts';
import { createLimiter } from './limiter.ts';
import { createMemoryCounter } from './memory-counter.ts';
import { guardStore } from './store-outages.ts';

interface RateLimitOptions {
  readonly config: Pick<Config, 'rateLimits'>;
  readonly database: Queryable;
  readonly logger: Pick<Logger, 'info' | 'warn'>;
}

/**
 * Returns the middleware that limits the requests of each client; none if every budget is off. It reads no
 * body. The probes end before it.
 */
export function rateLimits({ config, database, logger }: RateLimitOptions): RequestHandler[] {
  const { store, ...limits } = config.rateLimits;
  const open = store === 'database' ? openInDatabase(database, logger) : openInMemory;
  const limiters = new Map<Budget | undefined, RequestHandler>();
  for (const [budget, name] of Object.entries(BUDGET_NAMES) as [Budget, string][]) {
    const limit = limits[budget];
    if (limit !== undefined) limiters.set(budget, createLimiter(name, limit, open(name, limit)));
  }
  if (limiters.size === 0) return [];
  return [
    (request, response, next) => {
      const limiter = limiters.get(budgetOf(request));
      if (limiter === undefined) next();
      else limiter(request, response, next);
    },
  ];
}

const openInMemory: OpenCounter = (_budget, limit) => createMemoryCounter(limit);

function openInDatabase(database: Queryable, logger: Pick<Logger, 'info' | 'warn'>): OpenCounter {
  const useStore = guardStore(logger);
  return (budget, limit) => createDatabaseCounter({ database, useStore, budget, limit });
}
