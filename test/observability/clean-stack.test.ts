import { expect, it } from 'vitest';
import { scrubText } from '../../src/lib/scrub/scrub.ts';
import { cleanStack } from '../../src/observability/clean-stack.ts';

const clean = (stack: string, message: string) => cleanStack(stack, message, scrubText);

it('keeps the frames after a long message, and at most 16 kB of them', () => {
  const message = 'm'.repeat(100_000);
  const stack = `Error: ${message}\n    at here (file:///a.ts:1:1)`;
  expect(clean(stack, message)).toBe(`Error: ${'m'.repeat(2045)}…\n    at here (file:///a.ts:1:1)`);
  const frames = '\n    at a (file:///a.ts:1:1)'.repeat(1000);
  expect(Buffer.byteLength(clean(`Error: ü${frames}`, 'ü'))).toBeLessThanOrEqual(16_384);
  expect(clean('Error: short\n    at a', 'short')).toBe('Error: short\n    at a');
  expect(clean('Error\n    at a', '')).toBe('Error\n    at a');
});

it('takes no replacement pattern from a message', () => {
  const message = `$&$1$\`${'x'.repeat(3000)}`;
  expect(clean(`Error: ${message}\n    at a`, message)).toMatch(/^Error: \$&\$1\$`x+…\n {4}at a$/);
});

it('takes secrets out before it cuts, wherever the cut falls', () => {
  for (let room = 0; room < 60; room += 1) {
    const message = `${'x '.repeat(1024 - room / 2)}postgres://app:hunter2@db/x ${'y'.repeat(3000)}`;
    const stack = clean(`Error: ${message}\n    at postgres://app:hunter2@db/x`, message);
    expect(stack).not.toMatch(/hunter/);
  }
});
