import { withTimeout } from '../../lib/with-timeout.ts';
import type { Logger } from '../../observability/logging/logger.ts';

/** Maximum time a request waits for the store. */
const TIMEOUT_MS = 250;

/** After a failure one request per second tries the store; the others skip it. */
const RETRY_MS = 1000;

/** Minimum time between two warnings. */
const REPEAT_MS = 10_000;

/** Does `work` on the store. Rejects if the store fails, is too slow, or did so within the last second. */
export type UseStore = <T>(work: () => Promise<T>) => Promise<T>;

/**
 * Guards a store that may be down or slow. While it is, most calls reject at once. The log says when that
 * begins and ends.
 */
export function guardStore(logger: Pick<Logger, 'info' | 'warn'>): UseStore {
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

  return async (work) => {
    if (isDown && performance.now() < retryAt) throw new Error('the store of the rate limits is down');
    if (isDown) retryAt = performance.now() + RETRY_MS;
    try {
      const result = await withTimeout(TIMEOUT_MS, work());
      answered();
      return result;
    } catch (error) {
      failed(error);
      throw error;
    }
  };
}
