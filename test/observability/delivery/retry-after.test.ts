import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { retryAfterMs } from '../../../src/observability/delivery/retry-after.ts';

beforeEach(() => {
  vi.useFakeTimers({ now: Date.UTC(2026, 10, 29, 10, 0, 0) });
});
afterEach(() => {
  vi.useRealTimers();
});

it.each([
  [undefined, 0],
  ['', 0],
  ['0', 0],
  ['120', 120_000],
  ['1.5', 1500],
  ['-5', 0],
  ['Infinity', 0],
  ['soon', 0],
  ['Sun, 29 Nov 2026 10:01:30 GMT', 90_000],
  ['Sunday, 29-Nov-26 10:01:30 GMT', 90_000],
  ['Sun Nov 29 10:01:30 2026 GMT', 90_000],
  ['Sun, 29 Nov 2026 09:59:59 GMT', 0],
  ['Sun, 99 Nov 2026 09:59:59 GMT', 0],
])('reads %j as %i ms', (header, expected) => {
  expect(retryAfterMs(header)).toBe(expected);
});
