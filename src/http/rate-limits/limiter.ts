import type { RequestHandler } from 'express';
import { rateLimit, type Store } from 'express-rate-limit';
import type { RateLimit } from '../../config/variables/values.ts';
import { HttpError } from '../../lib/errors.ts';
import { clientKey } from './client-key.ts';
import type { CountRequest } from './count.ts';

/** The library logs nothing: a store reports its own failures. */
const SILENT = { warn() {}, error() {} };

/**
 * A client that sends its next request when it has the answer to the last one, on a few connections, could
 * otherwise keep the process busy with refusals alone.
 */
const REFUSAL_DELAY_MS = 100;

/**
 * Creates the middleware that counts requests against one budget and rejects those over it with 429. Sets
 * `RateLimit` and `RateLimit-Policy` (draft-ietf-httpapi-ratelimit-headers-08) either way. A request passes,
 * without these headers, if `count` rejects.
 */
export function createLimiter(budget: string, limit: RateLimit, count: CountRequest): RequestHandler {
  return rateLimit({
    windowMs: limit.windowMs,
    limit: limit.requests,
    identifier: budget,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    keyGenerator: clientKey,
    store: toStore(count),
    passOnStoreError: true,
    logger: SILENT,
    // These check the arguments of this call on the first request, and print to stderr.
    validate: false,
    handler(_request, response, next) {
      const seconds = Math.max(1, Number(response.getHeader('Retry-After')));
      const error = new HttpError(429, `${describe(budget, limit)}; try again in ${seconds} s.`, {
        headers: { 'Retry-After': String(seconds) },
      });
      setTimeout(() => next(error), REFUSAL_DELAY_MS);
    },
  });
}

function describe(budget: string, { requests, windowMs }: RateLimit): string {
  return `The limit for ${budget} is ${requests} requests in ${windowMs / 1000} s per client`;
}

/** The library calls `increment` alone, because no response makes a request uncounted. */
function toStore(count: CountRequest): Store {
  return {
    async increment(key) {
      const { hits, resetsInMs } = await count(key);
      return { totalHits: hits, resetTime: new Date(Date.now() + resetsInMs) };
    },
    decrement() {},
    resetKey() {},
  };
}
