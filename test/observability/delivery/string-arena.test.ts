import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  type ArenaString,
  bytesOf,
  createStringArena,
} from '../../../src/observability/delivery/string-arena.ts';

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc.integer({ min: 0, max: 40_000 }).map((length) => 'ü'.repeat(length)),
);

it('keeps each string unchanged while others are written and released', () => {
  const writesAndReleases = fc.array(fc.oneof(text, fc.nat({ max: 50 })), { maxLength: 100 });
  fc.assert(
    fc.property(writesAndReleases, (steps) => {
      const pages = createStringArena();
      const held: { written: string; stored: ArenaString }[] = [];
      for (const step of steps) {
        if (typeof step === 'string') held.push({ written: step, stored: pages.write(step) });
        else for (const { stored } of held.splice(step, 1)) pages.release(stored);
        for (const { written, stored } of held) expect(bytesOf(stored).toString()).toBe(written);
      }
    }),
    { numRuns: 50 },
  );
});

it('reuses pages whose strings are all released', () => {
  const pages = createStringArena();
  const sent = new Set<Buffer>();
  for (let batch = 0; batch < 10; batch += 1) {
    const stored = Array.from({ length: 512 }, () => pages.write('x'.repeat(1000)));
    for (const { page } of stored) sent.add(page.bytes);
    for (const each of stored) pages.release(each);
  }
  expect(sent.size).toBeLessThan(20);
});
