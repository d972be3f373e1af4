import type { Clock } from '../../../src/observability/rollbar/clock.ts';

export interface FakeClock extends Clock {
  /** Moves the time, and runs the timers that are due then. */
  advance(ms: number): void;
}

/** Creates a clock that stands still until it is moved. */
export function createFakeClock(): FakeClock {
  const timers = new Map<object, { readonly at: number; run(): void }>();
  let now = 0;
  return {
    now: () => now,
    date: () => Date.UTC(2026, 10, 29) + now,
    after(ms, run) {
      const key = {};
      timers.set(key, { at: now + ms, run });
      return () => timers.delete(key);
    },
    advance(ms) {
      now += ms;
      for (const [key, { at, run }] of [...timers]) {
        if (at <= now && timers.delete(key)) run();
      }
    },
  };
}
