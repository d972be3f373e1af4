import type { GetLogEventsRequest } from '@aws-sdk/client-cloudwatch-logs';
import { describe, expect, it } from 'vitest';
import { putMessages, STREAM, useCloudWatch } from './cloudwatch-client.ts';

const now = Date.now();

const cloudWatch = useCloudWatch();

function put(messages: Record<string, number>, logStreamName = STREAM.logStreamName): Promise<void> {
  return putMessages(cloudWatch.client, messages, { now, logStreamName });
}

async function get(input: Partial<GetLogEventsRequest> = {}) {
  const {
    events = [],
    nextForwardToken,
    nextBackwardToken,
  } = await cloudWatch.client.getLogEvents({ ...STREAM, ...input });
  return { messages: events.map(({ message }) => message), nextForwardToken, nextBackwardToken };
}

describe('GetLogEvents', () => {
  it('returns the latest events of one stream, oldest first, then the previous ones', async () => {
    await cloudWatch.client.createLogStream({ ...STREAM, logStreamName: 'other' });
    await put({ a: 0, b: 1, c: 2, d: 3, e: 4 });
    await put({ elsewhere: 2 }, 'other');
    const latest = await get({ limit: 2 });
    const before = await get({ limit: 2, nextToken: latest.nextBackwardToken });
    const first = await get({ limit: 2, nextToken: before.nextBackwardToken });

    expect(latest.messages).toEqual(['d', 'e']);
    expect(before.messages).toEqual(['b', 'c']);
    expect(first.messages).toEqual(['a']);
  });

  it('returns the first events on request, then the next ones', async () => {
    await put({ a: 0, b: 1, c: 2 });
    const first = await get({ limit: 2, startFromHead: true });
    const rest = await get({ limit: 2, startFromHead: true, nextToken: first.nextForwardToken });

    expect(first.messages).toEqual(['a', 'b']);
    expect(rest.messages).toEqual(['c']);
  });

  it('returns the same token at either end', async () => {
    await put({ a: 0, b: 1 });
    const { nextForwardToken, nextBackwardToken } = await get();

    expect(await get({ nextToken: nextForwardToken })).toMatchObject({ messages: [], nextForwardToken });
    expect(await get({ nextToken: nextBackwardToken })).toMatchObject({ messages: [], nextBackwardToken });
  });

  it('continues from the end when more events have arrived', async () => {
    const empty = await get({ startFromHead: true });
    await put({ a: 0 });
    const first = await get({ nextToken: empty.nextForwardToken });
    await put({ b: 0 });
    const second = await get({ nextToken: first.nextForwardToken });

    expect([empty, first, second].map(({ messages }) => messages)).toEqual([[], ['a'], ['b']]);
  });

  it('reverses its direction at any page', async () => {
    await put({ a: 0, b: 1 });
    const end = await get({ nextToken: (await get()).nextForwardToken });

    expect(await get({ nextToken: end.nextBackwardToken })).toMatchObject({ messages: ['a', 'b'] });
  });

  it('returns the events from the start (inclusive) to the end (exclusive)', async () => {
    await put({ a: 0, b: 1, c: 2 });
    expect(await get({ startTime: now + 1, endTime: now + 2 })).toMatchObject({ messages: ['b'] });
  });
});

describe('a request that AWS refuses', () => {
  it.each([
    ['of no stream', 'ResourceNotFoundException', { logStreamName: 'none' }],
    ['with a limit of 0', 'InvalidParameterException', { limit: 0 }],
    ['from before 1970', 'InvalidParameterException', { startTime: -1 }],
  ])('is refused by the console: %s', async (_, name, input) => {
    await expect(get(input)).rejects.toMatchObject({ name, $metadata: { httpStatusCode: 400 } });
  });
});
