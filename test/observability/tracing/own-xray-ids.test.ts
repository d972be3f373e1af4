import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createOwnXRayIds } from '../../../src/observability/tracing/own-xray-ids.ts';

const NOW = Date.parse('2026-11-29T06:00:45Z');
const DIGITS = '77b34da6a3ce929d0e0e4736';
const THEIRS = `4bf92f35${DIGITS}`;
const timeOf = (id: string | undefined) => Number.parseInt(id?.slice(2, 10) ?? '', 16) * 1000;
const flood = (ownIdOf: (id: string) => unknown, count: number) => {
  for (let n = 0; n < count; n += 1) ownIdOf(`00000000${n.toString(16).padStart(24, '0')}`);
};

beforeEach(() => {
  vi.useFakeTimers({ now: NOW });
});
afterEach(() => {
  vi.useRealTimers();
});

describe('an id of our own in X-Ray', () => {
  it('has the time of the half minute and the last digits of the caller', () => {
    const own = createOwnXRayIds()(THEIRS);
    expect(own).toMatch(new RegExp(`^1-[0-9a-f]{8}-${DIGITS}$`));
    expect(new Date(timeOf(own)).toISOString()).toBe('2026-11-29T06:00:30.000Z');
  });

  it.each([
    [-3600, undefined],
    [300, undefined],
    [0, undefined],
    [-3601, expect.any(String)],
    [301, expect.any(String)],
  ])('replaces one whose time is %d s from now: %s', (seconds, own) => {
    const id = (Math.floor(NOW / 1000) + seconds).toString(16) + DIGITS;
    expect(createOwnXRayIds()(id)).toEqual(own);
  });

  it('is the same in two processes within a half minute', () => {
    const own = createOwnXRayIds()(THEIRS);
    vi.setSystemTime(NOW + 14_000);
    expect(createOwnXRayIds()(THEIRS)).toBe(own);
  });

  it('is shared by the requests of a trace for five minutes, then begins with the time again', () => {
    const ownIdOf = createOwnXRayIds();
    const own = ownIdOf(THEIRS);
    vi.setSystemTime(NOW + 299_000);
    expect(ownIdOf(THEIRS)).toBe(own);
    vi.setSystemTime(NOW + 301_000);
    expect(NOW + 301_000 - timeOf(ownIdOf(THEIRS))).toBeLessThan(30_000);
  });

  it('is forgotten after 1,000 others, and nothing grows', () => {
    const ownIdOf = createOwnXRayIds();
    const own = ownIdOf(THEIRS);
    vi.setSystemTime(NOW + 60_000);
    flood(ownIdOf, 999);
    expect(ownIdOf(THEIRS)).toBe(own);
    flood(ownIdOf, 2000);
    expect(ownIdOf(THEIRS)).not.toBe(own);
  });
});
