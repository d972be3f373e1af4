import {
  type CloudWatchLogs as Client,
  CloudWatchLogs,
  type InputLogEvent,
  type PutLogEventsResponse,
} from '@aws-sdk/client-cloudwatch-logs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import winston from 'winston';
import WinstonCloudWatch from 'winston-cloudwatch';
import { type Receivers, startReceivers } from '../helpers/receivers.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const where = { logGroupName: 'cruddur', logStreamName: 'web/host' };

let receivers: Receivers;
let client: Client;
beforeEach(async () => {
  receivers = await startReceivers();
  client = new CloudWatchLogs({
    region: 'ca-central-1',
    endpoint: receivers.url,
    credentials: { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'secret' },
    maxAttempts: 1,
  });
});
afterEach(async () => {
  client.destroy();
  await receivers.close();
});

async function createStream(): Promise<void> {
  await client.createLogGroup({ logGroupName: where.logGroupName });
  await client.createLogStream(where);
}

async function put(logEvents: InputLogEvent[]): Promise<PutLogEventsResponse> {
  return client.putLogEvents({ ...where, logEvents });
}

function event(message: string, ago = 0): InputLogEvent {
  return { timestamp: Date.now() - ago, message };
}

describe('what winston-cloudwatch sends', () => {
  it('arrives in a group and a stream that it makes, with the trace that each line names', async () => {
    const transport = new WinstonCloudWatch({
      ...where,
      cloudWatchLogs: client,
      retentionInDays: 7,
      uploadRate: 10,
      messageFormatter: (log) => JSON.stringify(log),
    });
    const logger = winston.createLogger({ transports: [transport] });
    logger.info('first', { trace_id: '58406520a006649127e371903a2de979' });
    logger.error('second', { xray_trace_id: '1-58406520-a006649127e371903a2de979' });

    await receivers.until(() => receivers.logEvents().length === 2);
    await new Promise((resolve) => transport.kthxbye(resolve));
    expect(receivers.logEvents()).toContainEqual(
      expect.objectContaining({
        group: 'cruddur',
        stream: 'web/host',
        fields: { level: 'info', message: 'first', trace_id: '58406520a006649127e371903a2de979' },
      }),
    );
    expect(receivers.journal.byTrace('58406520a006649127e371903a2de979')).toHaveLength(2);
    await receivers.until(
      async () => (await client.describeLogGroups()).logGroups?.[0]?.retentionInDays === 7,
    );
  });
});

describe('groups and streams', () => {
  it('are described as they are', async () => {
    await createStream();
    await client.createLogStream({ ...where, logStreamName: 'other' });
    await put([event('x')]);
    const { logStreams } = await client.describeLogStreams({ logGroupIdentifier: 'cruddur' });
    const byTime = await client.describeLogStreams({
      logGroupName: 'cruddur',
      orderBy: 'LastEventTime',
      descending: true,
      limit: 1,
    });
    const byPrefix = await client.describeLogStreams({ logGroupName: 'cruddur', logStreamNamePrefix: 'o' });

    expect(logStreams?.map(({ logStreamName }) => logStreamName)).toEqual(['other', 'web/host']);
    expect(logStreams?.[1]).toMatchObject({
      lastEventTimestamp: expect.any(Number),
      uploadSequenceToken: '1',
    });
    expect(byPrefix.logStreams).toHaveLength(1);
    expect(byTime).toMatchObject({ logStreams: [{ logStreamName: 'web/host' }], nextToken: '1' });
  });

  it('come in pages', async () => {
    for (const name of ['a/1', 'a/2', 'a/3', 'b']) await client.createLogGroup({ logGroupName: name });
    const first = await client.describeLogGroups({ logGroupNamePrefix: 'a/', limit: 2 });
    const second = await client.describeLogGroups({
      logGroupNamePrefix: 'a/',
      limit: 2,
      nextToken: first.nextToken,
    });

    expect(first.logGroups?.map(({ logGroupName }) => logGroupName)).toEqual(['a/1', 'a/2']);
    expect(second).toMatchObject({ logGroups: [{ logGroupName: 'a/3' }] });
    expect(second.nextToken).toBeUndefined();
  });

  it.each([
    ['a group that is there', 'ResourceAlreadyExistsException', () => client.createLogGroup(where)],
    ['a stream that is there', 'ResourceAlreadyExistsException', () => client.createLogStream(where)],
    [
      'a stream of no group',
      'ResourceNotFoundException',
      () => client.createLogStream({ ...where, logGroupName: 'none' }),
    ],
    [
      'events for no group',
      'ResourceNotFoundException',
      () => client.putLogEvents({ ...where, logGroupName: 'none', logEvents: [event('x')] }),
    ],
    [
      'events for no stream',
      'ResourceNotFoundException',
      () => client.putLogEvents({ ...where, logStreamName: 'none', logEvents: [event('x')] }),
    ],
    [
      'the streams of no group',
      'ResourceNotFoundException',
      () => client.describeLogStreams({ logGroupName: 'none' }),
    ],
    [
      'retention of no group',
      'ResourceNotFoundException',
      () => client.putRetentionPolicy({ logGroupName: 'none', retentionInDays: 1 }),
    ],
    [
      'an odd retention',
      'InvalidParameterException',
      () => client.putRetentionPolicy({ ...where, retentionInDays: 2 }),
    ],
    ['a bad name', 'InvalidParameterException', () => client.createLogGroup({ logGroupName: 'a b' })],
    [
      'order by time with a prefix',
      'InvalidParameterException',
      () => client.describeLogStreams({ ...where, orderBy: 'LastEventTime', logStreamNamePrefix: 'a' }),
    ],
  ])('fail as in AWS: %s', async (_, name, call) => {
    await createStream();
    await expect(call()).rejects.toMatchObject({ name, $metadata: { httpStatusCode: 400 } });
  });
});

describe('a batch of log events', () => {
  beforeEach(createStream);

  it('is taken up to the limits of AWS', async () => {
    const most = Array.from({ length: 10_000 }, () => event('x'));
    const largest = [event(`${'€'.repeat(349_515)}xxxxx`)];

    expect(await put(most)).toMatchObject({ nextSequenceToken: expect.any(String) });
    expect(await put(largest)).not.toHaveProperty('rejectedLogEventsInfo');
    expect(receivers.logEvents()).toHaveLength(10_001);
  });

  it.each([
    ['has more than 10,000', Array.from({ length: 10_001 }, () => event('x'))],
    ['has none', []],
    ['has an empty one', [event('')]],
    ['has more than 1,048,576 bytes of UTF-8 and 26 each', [event(`${'€'.repeat(349_516)}xxx`)]],
    ['goes back in time', [event('x'), event('y', 1)]],
    ['spans more than a day', [event('x', DAY + 1), event('y')]],
  ])('is refused whole when it %s', async (_, events) => {
    await expect(put(events)).rejects.toMatchObject({ name: 'InvalidParameterException' });
    expect(receivers.logEvents()).toEqual([]);
    expect(receivers.journal.counts().unread['cloudwatch-logs']).toBe(1);
  });

  it('is taken without those that are too old or too new, which are named', async () => {
    const old = await put([event('too old', 14 * DAY + HOUR), event('old', 14 * DAY - HOUR)]);
    const fresh = await put([event('new', -HOUR), event('too new', -3 * HOUR), event('too new', -4 * HOUR)]);

    expect(old.rejectedLogEventsInfo).toEqual({ tooOldLogEventEndIndex: 1 });
    expect(fresh.rejectedLogEventsInfo).toEqual({ tooNewLogEventStartIndex: 1 });
    expect(receivers.logEvents().map(({ message }) => message)).toEqual(['old', 'new']);
  });

  it('is taken without those that the retention has expired', async () => {
    await client.putRetentionPolicy({ ...where, retentionInDays: 1 });
    const answer = await put([event('expired', DAY + HOUR), event('kept', DAY - HOUR)]);

    expect(answer.rejectedLogEventsInfo).toEqual({ expiredLogEventEndIndex: 1 });
    expect(receivers.logEvents()).toMatchObject([{ message: 'kept' }]);
  });
});

describe('a request that is no call', () => {
  function call(target: string, body: string): Promise<Response> {
    const headers = { 'x-amz-target': target, 'content-type': 'application/x-amz-json-1.1' };
    return fetch(receivers.url, { method: 'POST', headers, body });
  }

  it.each([
    ['names an unknown operation', 'Logs_20140328.Explode', '{}', 'UnknownOperationException'],
    ['names an inherited one', 'Logs_20140328.constructor', '{}', 'UnknownOperationException'],
    ['is not JSON', 'Logs_20140328.CreateLogGroup', '{"logGroup', 'SerializationException'],
    ['is another JSON', 'Logs_20140328.CreateLogGroup', 'null', 'SerializationException'],
    ['has no name', 'Logs_20140328.CreateLogGroup', '', 'InvalidParameterException'],
  ])('is refused in the shape of AWS, and counted: it %s', async (_, target, body, type) => {
    const response = await call(target, body);

    expect(response.status).toBe(400);
    expect(response.headers.get('content-type')).toBe('application/x-amz-json-1.1');
    expect(await response.json()).toMatchObject({ __type: type });
    expect(receivers.journal.counts().unread['cloudwatch-logs']).toBe(1);
  });
});
