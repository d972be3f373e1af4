import { withTimeout } from '../../lib/with-timeout.ts';
import type { Logger } from '../../observability/logging/logger.ts';
import type { CountRequest } from './count.ts';

/** Maximum time a request waits for the store. */
const TIMEOUT_MS = 250;

/** After a failure one request per second tries the store; the others skip it. */
const RETRY_MS = 1000;

/** Minimum time between two warnings. */
const REPEAT_MS = 10_000;

/**
 * Returns the wrapper for the counters of a store that may be down or slow. Their promises then reject, most
 * of them at once, and the log says when that begins and ends. All counters share the state of the store.
 */
export function watchStore(logger: Pick<Logger, 'info' | 'warn'>): (count: CountRequest) => CountRequest {
  let isDown = false;
  let retryAt = 0;
  let warnedAt = Number.NEGATIVE_INFINITY;
  let isWarned = false;

  function failed(error: unknown): void {
    const now = performance.now();
    isDown = true;
    retryAt = now + RETRY_MS;
    if (now - warnedAt < REPEAT_MS) return;
    warnedAt = now;
    isWarned = true;
    logger.warn('the store of the rate limits fails: requests are not limited until it answers', { error });
  }

  function answered(): void {
    isDown = false;
    if (!isWarned) return;
    isWarned = false;
    logger.info('the store of the rate limits answers again: requests are limited');
  }

  return (count) => async (client) => {
    if (isDown && performance.now() < retryAt) throw new Error('the store of the rate limits is down');
    if (isDown) retryAt = performance.now() + RETRY_MS;
    try {
      const result = await withTimeout(TIMEOUT_MS, count(client));
      answered();
      return result;
    } catch (error) {
      failed(error);
      throw error;
    }
  };
}
