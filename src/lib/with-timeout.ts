/**
 * Resolves with true when `work` settles within `ms`, else with false. A rejection counts as settled, and the
 * caller handles it. After a busy event loop, timers run before input that arrived in time, so that input is
 * let in first. The timer keeps the process alive unless `ref` is false.
 */
export async function settleWithin(
  ms: number,
  work: Promise<unknown>,
  { ref = true }: { ref?: boolean } = {},
): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => setImmediate(resolve, false), ms);
  if (!ref) timer.unref();
  const settled = () => resolve(true);
  work.then(settled, settled);
  const inTime = await promise;
  clearTimeout(timer);
  return inTime;
}

/** Settles as `work` does; rejects with a `TimeoutError` after `ms`. Does not keep the process alive. */
export async function withTimeout<T>(ms: number, work: Promise<T>): Promise<T> {
  if (await settleWithin(ms, work, { ref: false })) return work;
  throw new DOMException(`not settled within ${ms} ms`, 'TimeoutError');
}
