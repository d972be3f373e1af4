const POLL_MS = 20;

type Truthy<T> = Exclude<T, undefined | null | false | 0 | ''>;

/**
 * Polls `predicate` until it returns a truthy value without throwing, and resolves with that value.
 * Rejects after `timeoutMs` with the last result or error.
 */
export async function until<T>(predicate: () => T | Promise<T>, timeoutMs = 10_000): Promise<Truthy<T>> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    let failure: unknown;
    try {
      const result = await predicate();
      if (result) return result as Truthy<T>;
      failure = `the last result was ${result}`;
    } catch (error) {
      failure = error;
    }
    if (Date.now() >= deadline) {
      throw new Error(`not true after ${timeoutMs} ms: ${predicate}\n${failure}`, { cause: failure });
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
