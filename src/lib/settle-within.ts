import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Waits until `work` is settled, at most `budgetMs`, and keeps the process alive meanwhile. True when it was settled
 * in time; a rejection counts as settled, and is the caller's to handle.
 */
export async function settleWithin(budgetMs: number, work: Promise<unknown>): Promise<boolean> {
  const abort = new AbortController();
  const settled = work.then(
    () => true,
    () => true,
  );
  const late = sleep(budgetMs, false, { signal: abort.signal }).catch(() => false);
  try {
    return await Promise.race([settled, late]);
  } finally {
    abort.abort();
  }
}
