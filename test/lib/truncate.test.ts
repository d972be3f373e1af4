import fc from 'fast-check';
import { expect, it } from 'vitest';
import { truncate } from '../../src/lib/truncate.ts';

it('cuts text to at most 2 kB, between two code points, and marks the cut', () => {
  const text = fc.string({ unit: 'grapheme', minLength: 0, maxLength: 3000, size: 'max' });
  fc.assert(
    fc.property(text, (whole) => {
      const cut = truncate(whole);
      expect(Buffer.byteLength(cut)).toBeLessThanOrEqual(2048);
      if (Buffer.byteLength(whole) <= 2048) expect(cut).toBe(whole);
      else expect(cut).toMatch(/…$/);
      expect(whole.startsWith(cut.replace(/…$/, ''))).toBe(true);
      expect(cut.isWellFormed()).toBe(true);
    }),
  );
});

it('leaves text of exactly 2 kB as it is', () => {
  expect(truncate('é'.repeat(1024))).toBe('é'.repeat(1024));
  expect(truncate(`${'é'.repeat(1024)}a`)).toBe(`${'é'.repeat(1022)}…`);
});
