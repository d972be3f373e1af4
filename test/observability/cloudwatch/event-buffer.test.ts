import fc from 'fast-check';
import { expect, it } from 'vitest';
import { bodyOf, createEventBuffer } from '../../../src/observability/cloudwatch/event-buffer.ts';
import type { LogEvent } from '../../../src/observability/cloudwatch/events.ts';

const NAMES = { logGroupName: 'cruddur "1"', logStreamName: 'é/1' };
const HOUR = 3_600_000;

const open = () => createEventBuffer(NAMES.logGroupName, NAMES.logStreamName);

/** Takes all batches, checks their limits and returns their events. */
function takeAll(buffer: ReturnType<typeof open>): LogEvent[][] {
  const batches: LogEvent[][] = [];
  while (buffer.hasWaiting()) {
    const batch = buffer.take();
    const text = bodyOf(batch).toString();
    const { logEvents, ...names } = JSON.parse(text) as typeof NAMES & { logEvents: LogEvent[] };
    expect(names).toEqual(NAMES);
    expect(text).toBe(JSON.stringify({ ...NAMES, logEvents }));
    expect(batch.count).toBe(logEvents.length);
    expect(logEvents.length).toBeLessThanOrEqual(10_000);
    expect(logEvents.reduce((sum, { message }) => sum + Buffer.byteLength(message) + 26, 0)).toBeLessThan(
      1_048_576,
    );
    batches.push(logEvents);
    buffer.release(batch);
  }
  expect(buffer.held()).toBe(0);
  return batches;
}

it('writes any text as JSON.stringify does', () => {
  const buffer = open();
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary' }), { minLength: 1 }), (messages) => {
      const events = [...messages, '\ud800', '\u0000\u2028"\\'].map((message) => ({ timestamp: 1, message }));
      for (const event of events) expect(buffer.add(event)).toBe(true);
      expect(takeAll(buffer)).toEqual([events]);
    }),
  );
});

it('splits what does not fit in one batch, and keeps the order', () => {
  const buffer = open();
  const sizes = [1, 255_000, 85_000, 200_000, 200_000, 400, 255_000];
  const events = ['€', '"', 'a'].flatMap((unit) =>
    sizes.map((size, i) => ({ timestamp: i, message: unit.repeat(size / Buffer.byteLength(unit)) })),
  );
  for (const { message } of events) buffer.add({ timestamp: 1, message });
  const batches = takeAll(buffer);
  expect(batches.length).toBeGreaterThan(3);
  expect(batches.flat().map(({ message }) => message)).toEqual(events.map(({ message }) => message));
});

it('sorts by time within a batch, which spans at most 24 hours', () => {
  const buffer = open();
  for (const hours of [0, 11, -11, 11, 12]) buffer.add({ timestamp: hours * HOUR, message: '' });
  const batches = takeAll(buffer).map((events) => events.map(({ timestamp }) => timestamp / HOUR));
  expect(batches).toEqual([[-11, 0, 11, 11], [12]]);
});

it('takes no more than 32 MB and one event', () => {
  const buffer = open();
  const message = 'm'.repeat(250_000);
  let added = 0;
  while (buffer.add({ timestamp: added, message })) added += 1;
  expect(added).toBe(Math.ceil(32_000_000 / JSON.stringify({ timestamp: 10, message }).length));
  expect(buffer.isFull()).toBe(true);
  const batch = buffer.take();
  expect(buffer.isFull()).toBe(true);
  buffer.putBack(batch);
  expect(takeAll(buffer).flat()).toHaveLength(added);
  expect(buffer.isFull()).toBe(false);
});

it('does not write into a batch that was taken', () => {
  const buffer = open();
  buffer.add({ timestamp: 1, message: 'first' });
  const batch = buffer.take();
  const body = bodyOf(batch).toString();
  buffer.add({ timestamp: 2, message: 'second' });
  expect(bodyOf(batch).toString()).toBe(body);
  buffer.release(batch);
  buffer.add({ timestamp: 3, message: 'third' });
  expect(
    takeAll(buffer)
      .flat()
      .map(({ message }) => message),
  ).toEqual(['second', 'third']);
});
