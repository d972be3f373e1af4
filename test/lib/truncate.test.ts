import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { truncate, truncateStack } from '../../src/lib/truncate.ts';

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

describe('truncateStack', () => {
  it('keeps the frames after a long message, and at most 16 kB of them', () => {
    const message = 'm'.repeat(100_000);
    const stack = `Error: ${message}\n    at here (file:///a.ts:1:1)`;
    expect(truncateStack(stack, message)).toBe(`Error: ${'m'.repeat(2045)}…\n    at here (file:///a.ts:1:1)`);
    const frames = '\n    at a (file:///a.ts:1:1)'.repeat(1000);
    expect(Buffer.byteLength(truncateStack(`Error: ü${frames}`, 'ü'))).toBeLessThanOrEqual(16_384);
    expect(truncateStack('Error: short\n    at a', 'short')).toBe('Error: short\n    at a');
  });

  it('takes no replacement pattern from a message', () => {
    const message = `$&$1$\`${'x'.repeat(3000)}`;
    expect(truncateStack(`Error: ${message}\n    at a`, message)).toMatch(/^Error: \$&\$1\$`x+…\n {4}at a$/);
  });
});
