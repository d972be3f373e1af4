import type { FilterLogEventsRequest } from '@aws-sdk/client-cloudwatch-logs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createJournal } from '../../src/journal/journal.ts';
import { startConsole } from '../../src/server.ts';
import { until } from '../helpers/until.ts';
import {
  createCloudWatchClient,
  createStream,
  event,
  putMessages,
  STREAM,
  useCloudWatch,
} from './cloudwatch-client.ts';

const { logGroupName } = STREAM;
const now = Date.now();

const cloudWatch = useCloudWatch();

function put(messages: Record<string, number>, logStreamName = STREAM.logStreamName): Promise<void> {
  return putMessages(cloudWatch.client, messages, { now, logStreamName });
}

async function filter(input: Partial<FilterLogEventsRequest> = {}) {
  const { events = [], nextToken } = await cloudWatch.client.filterLogEvents({ logGroupName, ...input });
  return { messages: events.map(({ message }) => message), nextToken };
}

describe('FilterLogEvents', () => {
  it('returns the events of all streams by timestamp, then by arrival', async () => {
    await cloudWatch.client.createLogStream({ ...STREAM, logStreamName: 'other' });
    await put({ third: 2, fourth: 2 });
    await put({ first: 0, fifth: 2 }, 'other');
    await put({ second: 1 });

    const { events } = await cloudWatch.client.filterLogEvents({ logGroupIdentifier: logGroupName });
    expect(events?.map(({ message }) => message)).toEqual(['first', 'second', 'third', 'fourth', 'fifth']);
    expect(events?.[0]).toEqual({
      logStreamName: 'other',
      timestamp: now,
      message: 'first',
      ingestionTime: expect.any(Number),
      eventId: expect.any(String),
    });
    expect(new Set(events?.map(({ eventId }) => eventId)).size).toBe(5);
  });

  it('returns the events from the start to the end, both inclusive', async () => {
    await put({ a: 0, b: 1, c: 2, d: 3 });
    expect(await filter({ startTime: now + 1, endTime: now + 2 })).toMatchObject({ messages: ['b', 'c'] });
  });

  it('returns the events of some streams, by name or by prefix', async () => {
    for (const logStreamName of ['a/1', 'a/2', 'b']) {
      await cloudWatch.client.createLogStream({ ...STREAM, logStreamName });
      await put({ [logStreamName]: 0 }, logStreamName);
    }
    expect(await filter({ logStreamNames: ['a/1', 'b'] })).toMatchObject({ messages: ['a/1', 'b'] });
    expect(await filter({ logStreamNamePrefix: 'a/' })).toMatchObject({ messages: ['a/1', 'a/2'] });
  });

  it('returns page after page, also when events arrive in between', async () => {
    await put({ a: 0, b: 1, c: 1, d: 2, e: 3 });
    const first = await filter({ limit: 2 });
    await put({ late: -1, f: 4 });
    const second = await filter({ limit: 2, nextToken: first.nextToken });
    const third = await filter({ limit: 2, nextToken: second.nextToken });

    expect([first, second, third].map(({ messages }) => messages)).toEqual([
      ['a', 'b'],
      ['c', 'd'],
      ['e', 'f'],
    ]);
    expect(third.nextToken).toBeUndefined();
  });

  it('returns the latest events first on request, on each page', async () => {
    await put({ a: 0, b: 1, c: 2 });
    const startTime = now;
    const first = await filter({ startTime, limit: 2, startFromHead: false });
    const second = await filter({ startTime, limit: 2, nextToken: first.nextToken });

    expect(first.messages).toEqual(['c', 'b']);
    expect(second).toEqual({ messages: ['a'], nextToken: undefined });
  });

  it('returns at most 1 MB per page, but at least one event', async () => {
    const large = 'x'.repeat(1_048_000);
    await put({ [`${large}1`]: 0 });
    await put({ [`${large}2`]: 1 });
    const first = await filter();
    const second = await filter({ nextToken: first.nextToken });

    expect(first.messages).toEqual([`${large}1`]);
    expect(second).toEqual({ messages: [`${large}2`], nextToken: undefined });
  });

  it('returns no event of a deleted stream, even after a stream of the same name was created', async () => {
    await put({ old: 0 });
    const { events } = await cloudWatch.client.filterLogEvents({ logGroupName });
    await cloudWatch.client.deleteLogStream(STREAM);
    expect(await filter()).toMatchObject({ messages: [] });

    await until(() => Date.now() > (events?.[0]?.ingestionTime ?? 0));
    await cloudWatch.client.createLogStream(STREAM);
    await put({ new: 1 });
    expect(await filter()).toMatchObject({ messages: ['new'] });
  });

  it('returns each event once, whatever the page size', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 20 }),
        fc.integer({ min: 1, max: 7 }),
        fc.boolean(),
        async (times, limit, startFromHead) => {
          const logStreamName = `s${crypto.randomUUID()}`;
          await cloudWatch.client.createLogStream({ ...STREAM, logStreamName });
          const ordered = times.toSorted((a, b) => a - b).map((time, n): [string, number] => [`n${n}`, time]);
          await put(Object.fromEntries(ordered), logStreamName);
          const read: (string | undefined)[] = [];
          let nextToken: string | undefined;
          do {
            const page = await filter({
              logStreamNames: [logStreamName],
              startTime: now,
              limit,
              startFromHead,
              ...(nextToken && { nextToken }),
            });
            read.push(...page.messages);
            nextToken = page.nextToken;
          } while (nextToken);

          const expected = ordered.map(([message]) => message);
          expect(startFromHead ? read : read.toReversed()).toEqual(expected);
        },
      ),
      { numRuns: 30 },
    );
  });
});

describe('evicted events', () => {
  it('are not returned', async () => {
    const small = await startConsole({ journal: createJournal({ maxBytes: 200_000 }) });
    const writer = createCloudWatchClient({ url: `http://127.0.0.1:${small.httpPort}` });
    try {
      await createStream(writer);
      for (let n = 0; n < 100; n++) {
        await writer.putLogEvents({ ...STREAM, logEvents: [event(`${n} ${'x'.repeat(5000)}`)] });
      }
      const { events = [] } = await writer.filterLogEvents({ logGroupName });

      expect(events.at(-1)?.message).toMatch(/^99 /);
      expect(events.length).toBeLessThan(40);
    } finally {
      writer.destroy();
      await small.close();
    }
  });
});

describe('a request that AWS refuses', () => {
  it.each([
    ['of no group', 'ResourceNotFoundException', { logGroupName: 'none' }],
    ['of no stream', 'ResourceNotFoundException', { logStreamNames: ['none'] }],
    [
      'of streams and a prefix',
      'InvalidParameterException',
      { logStreamNames: ['web/host'], logStreamNamePrefix: 'web' },
    ],
    ['of no streams', 'InvalidParameterException', { logStreamNames: [] }],
    ['with an invalid token', 'InvalidParameterException', { nextToken: 'x' }],
    ['with a limit of 10,001', 'InvalidParameterException', { limit: 10_001 }],
    ['with an invalid pattern', 'InvalidParameterException', { filterPattern: '{ $.status =' }],
  ])('is refused by the console: %s', async (_, name, input) => {
    await expect(filter(input)).rejects.toMatchObject({ name, $metadata: { httpStatusCode: 400 } });
  });
});
