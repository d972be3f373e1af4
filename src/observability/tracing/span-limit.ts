/** Bounds the spans per second that are recorded, on average. */
export interface SpanLimit {
  /** Returns whether a trace may begin, and charges its first span; counts the trace if not. */
  admit(): boolean;
  /** Charges a further span of a trace that was admitted. Debt delays the next traces. */
  charge(): void;
}

export interface SpanLimitOptions {
  readonly spansPerSecond: number;
  /** Called for each trace that is refused. */
  onRefused(): void;
  /** Milliseconds of a clock that never goes back. */
  now?(): number;
}

/**
 * Creates a token bucket that holds one second's worth of spans. It decides by whole traces: the spans below
 * the first one follow it, and are charged, so that the average holds for traces of any size.
 */
export function createSpanLimit({ spansPerSecond, onRefused, now }: SpanLimitOptions): SpanLimit {
  const clock = now ?? (() => performance.now());
  let tokens = spansPerSecond;
  let filledAt = clock();
  return {
    admit() {
      const at = clock();
      tokens = Math.min(spansPerSecond, tokens + ((at - filledAt) / 1000) * spansPerSecond);
      filledAt = at;
      if (tokens < 1) {
        onRefused();
        return false;
      }
      tokens -= 1;
      return true;
    },
    charge() {
      tokens -= 1;
    },
  };
}
