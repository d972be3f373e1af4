const POLL_MS = 20;

/** The type without its falsy members. */
export type Truthy<T> = Exclude<T, undefined | null | false | 0 | ''>;

/**
 * Waits until `predicate` returns something truthy, without throwing, and resolves with that. Rejects after
 * `timeoutMs` with the predicate's last result and the text of `describe`.
 */
export async function until<T>(
  predicate: () => T | Promise<T>,
  timeoutMs = 10_000,
  describe?: () => string,
): Promise<Truthy<T>> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    let failure: unknown;
    try {
      const result = await predicate();
      if (result) return result as Truthy<T>;
      failure = `it returned ${String(result)}`;
    } catch (error) {
      failure = error;
    }
    if (Date.now() >= deadline) {
      const reason = failure instanceof Error ? failure.message : failure;
      const arrived = describe ? `\narrived: ${describe()}` : '';
      throw new Error(`not true after ${timeoutMs} ms: ${predicate}\n${reason}${arrived}`, {
        cause: failure,
      });
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
