import { describe, expect, it } from 'vitest';
import { createSpanLimit } from '../../../src/observability/tracing/span-limit.ts';

function openLimit(spansPerSecond: number) {
  const clock = { ms: 0 };
  let refused = 0;
  const limit = createSpanLimit({
    spansPerSecond,
    onRefused: () => {
      refused += 1;
    },
    now: () => clock.ms,
  });
  return { ...limit, clock, refused: () => refused };
}

describe('a limit of spans', () => {
  it("admits one second's worth at once, and counts the rest", () => {
    const { admit, refused } = openLimit(10);
    expect(Array.from({ length: 25 }, admit).filter(Boolean)).toHaveLength(10);
    expect(refused()).toBe(15);
  });

  it('fills up with the time, to one second and no further', () => {
    const { admit, clock } = openLimit(10);
    for (let n = 0; n < 20; n += 1) admit();
    clock.ms += 300;
    expect(Array.from({ length: 20 }, admit).filter(Boolean)).toHaveLength(3);
    clock.ms += 3_600_000;
    expect(Array.from({ length: 20 }, admit).filter(Boolean)).toHaveLength(10);
  });

  it.each([1, 2, 5, 40])('holds on average for traces of %d spans', (spans) => {
    const { admit, charge, clock } = openLimit(20);
    let recorded = 0;
    for (let n = 0; n < 10_000; n += 1) {
      clock.ms += 10;
      if (!admit()) continue;
      for (let child = 1; child < spans; child += 1) charge();
      recorded += spans;
    }
    expect(recorded).toBeGreaterThan(100 * 20 * 0.95);
    expect(recorded).toBeLessThanOrEqual(100 * 20 + 20 + spans);
  });
});
