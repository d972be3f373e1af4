import type { InputLogEvent, PutLogEventsResponse } from '@aws-sdk/client-cloudwatch-logs';
import { describe, expect, it } from 'vitest';
import { DAY, event, HOUR, STREAM, useCloudWatch } from './cloudwatch-client.ts';

const cloudWatch = useCloudWatch();

async function put(logEvents: InputLogEvent[]): Promise<PutLogEventsResponse> {
  return cloudWatch.client.putLogEvents({ ...STREAM, logEvents });
}

describe('a batch of log events', () => {
  it('is accepted up to the limits of AWS', async () => {
    const most = Array.from({ length: 10_000 }, () => event('x'));
    const largest = [event(`${'€'.repeat(349_515)}xxxxx`)];

    expect(await put(most)).toMatchObject({ nextSequenceToken: expect.any(String) });
    expect(await put(largest)).not.toHaveProperty('rejectedLogEventsInfo');
    expect(cloudWatch.receivers.logEvents()).toHaveLength(10_001);
  });

  it.each([
    ['has more than 10,000 events', Array.from({ length: 10_001 }, () => event('x'))],
    ['has no event', []],
    ['has an empty event', [event('')]],
    ['has more than 1,048,576 bytes of UTF-8 plus 26 per event', [event(`${'€'.repeat(349_516)}xxx`)]],
    ['goes back in time', [event('x'), event('y', HOUR)]],
    ['spans more than a day', [event('x', DAY + 1), event('y')]],
  ])('is refused when it %s', async (_, events) => {
    await expect(put(events)).rejects.toMatchObject({ name: 'InvalidParameterException' });
    expect(cloudWatch.receivers.logEvents()).toEqual([]);
    expect(cloudWatch.receivers.journal.counts().unread['cloudwatch-logs']).toBe(1);
  });

  it('is accepted without too old and too new events, whose indexes are returned', async () => {
    const old = await put([event('too old', 14 * DAY + HOUR), event('old', 14 * DAY - HOUR)]);
    const fresh = await put([event('new', -HOUR), event('too new', -3 * HOUR), event('too new', -4 * HOUR)]);

    expect(old.rejectedLogEventsInfo).toEqual({ tooOldLogEventEndIndex: 1 });
    expect(fresh.rejectedLogEventsInfo).toEqual({ tooNewLogEventStartIndex: 1 });
    expect(cloudWatch.receivers.logEvents().map(({ message }) => message)).toEqual(['old', 'new']);
  });

  it('may span more than a day if the difference is due to too old events', async () => {
    const answer = await put([event('too old', 20 * DAY), event('now')]);

    expect(answer.rejectedLogEventsInfo).toEqual({ tooOldLogEventEndIndex: 1 });
    expect(cloudWatch.receivers.logEvents()).toMatchObject([{ message: 'now' }]);
  });

  it('is accepted without events older than the retention', async () => {
    await cloudWatch.client.putRetentionPolicy({ ...STREAM, retentionInDays: 1 });
    const answer = await put([event('expired', DAY + HOUR), event('kept', DAY - HOUR)]);

    expect(answer.rejectedLogEventsInfo).toEqual({ expiredLogEventEndIndex: 1 });
    expect(cloudWatch.receivers.logEvents()).toMatchObject([{ message: 'kept' }]);
  });
});
