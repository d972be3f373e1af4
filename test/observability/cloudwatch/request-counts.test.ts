import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { readConfig } from '../../../src/config/config.ts';
import { createRequestCounts } from '../../../src/observability/cloudwatch/request-counts.ts';

const DATABASE_URL = 'postgres://127.0.0.1:1/none';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Counts, and the events that were written. While `room` is false, there is no room for one. */
function setUp() {
  const events: { Requests: number; Faults: number }[] = [];
  const queue = { room: true };
  const counts = createRequestCounts({
    service: 'backend-express',
    write(line) {
      if (queue.room) events.push(JSON.parse(line));
      return queue.room;
    },
  });
  return { counts, queue, written: () => events.map(({ Requests, Faults }) => [Requests, Faults]) };
}

it('sends one event per minute, also when nothing was counted, and the rest at the end', () => {
  const { counts, written } = setUp();
  vi.advanceTimersByTime(59_999);
  expect(written()).toEqual([]);
  for (const isFault of [false, true, false, false, true]) counts.count(isFault);
  vi.advanceTimersByTime(60_001);
  expect(written()).toEqual([
    [5, 2],
    [0, 0],
  ]);
  counts.count(false);
  counts.close();
  vi.advanceTimersByTime(600_000);
  expect(written().slice(2)).toEqual([[1, 0]]);
});

it('adds the counts for which a full queue has no room to the next event', () => {
  const { counts, queue, written } = setUp();
  counts.count(true);
  queue.room = false;
  vi.advanceTimersByTime(120_000);
  counts.count(false);
  queue.room = true;
  vi.advanceTimersByTime(60_000);
  expect(written()).toEqual([[2, 1]]);
});

it.each([
  [{}, undefined],
  [{ CLOUDWATCH_LOG_GROUP: 'cruddur', AWS_REGION: 'us-east-2' }, 'cloudwatch'],
  [{ TELEMETRY_FALLBACK_URL: 'http://127.0.0.1:4568' }, 'cloudwatch'],
  [{ CLOUDWATCH_METRICS: 'stdout' }, 'stdout'],
  [{ CLOUDWATCH_LOG_GROUP: 'cruddur', AWS_REGION: 'us-east-2', CLOUDWATCH_METRICS: 'stdout' }, 'stdout'],
])('with %j, the events go to: %s', (environment, expected) => {
  expect(readConfig({ DATABASE_URL, ...environment }).requestCounts).toBe(expected);
});
