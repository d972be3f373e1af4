import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { settleWithin, withTimeout } from '../../src/lib/with-timeout.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});

afterEach(() => {
  vi.useRealTimers();
});

const never = () => new Promise<never>(() => {});

it('settleWithin resolves with whether the work settled in time, however it settled', async () => {
  expect(await settleWithin(50, Promise.resolve('done'))).toBe(true);
  expect(await settleWithin(50, Promise.reject(new Error('failed')))).toBe(true);
  const late = settleWithin(50, never());
  await vi.advanceTimersByTimeAsync(50);
  expect(await late).toBe(false);
});

it('withTimeout settles as the work does, or rejects with a TimeoutError', async () => {
  expect(await withTimeout(50, Promise.resolve('done'))).toBe('done');
  await expect(withTimeout(50, Promise.reject(new Error('failed')))).rejects.toThrow('failed');
  const late = expect(withTimeout(50, never())).rejects.toMatchObject({ name: 'TimeoutError' });
  await vi.advanceTimersByTimeAsync(50);
  await late;
});

it('no timer is left once the work has settled', async () => {
  await withTimeout(50, Promise.resolve());
  await settleWithin(50, Promise.resolve());
  expect(vi.getTimerCount()).toBe(0);
});
