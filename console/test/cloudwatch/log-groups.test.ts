import type { CloudWatchLogs } from '@aws-sdk/client-cloudwatch-logs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Receivers, startReceivers } from '../helpers/receivers.ts';
import { createCloudWatchClient, createStream, event, STREAM } from './cloudwatch-client.ts';

const ARN = 'arn:aws:logs:local:000000000000:log-group:cruddur';

let receivers: Receivers;
let client: CloudWatchLogs;
beforeEach(async () => {
  receivers = await startReceivers();
  client = createCloudWatchClient(receivers);
});
afterEach(async () => {
  client.destroy();
  await receivers.close();
});

async function namesOf(input: Parameters<CloudWatchLogs['describeLogGroups']>[0] = {}) {
  const { logGroups } = await client.describeLogGroups(input);
  return logGroups?.map(({ logGroupName }) => logGroupName);
}

describe('log streams', () => {
  it('are described with their times and order', async () => {
    await createStream(client);
    await client.createLogStream({ ...STREAM, logStreamName: 'other' });
    await client.putLogEvents({ ...STREAM, logEvents: [event('x')] });
    const { logStreams } = await client.describeLogStreams({ logGroupIdentifier: 'cruddur' });
    const byTime = await client.describeLogStreams({
      logGroupIdentifier: ARN,
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

  it('can be deleted, alone or with their group', async () => {
    await createStream(client);
    await client.createLogStream({ ...STREAM, logStreamName: 'other' });
    await client.deleteLogStream(STREAM);

    expect(await client.describeLogStreams({ logGroupName: 'cruddur' })).toMatchObject({
      logStreams: [{ logStreamName: 'other' }],
    });
    await client.deleteLogGroup({ logGroupName: 'cruddur' });
    expect(await namesOf()).toEqual([]);
    await createStream(client);
    expect((await client.describeLogStreams({ logGroupName: 'cruddur' })).logStreams).toHaveLength(1);
  });
});

describe('log groups', () => {
  it('are listed in pages', async () => {
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

  it('can be filtered by a part of the name, by class, and by name or ARN', async () => {
    await client.createLogGroup({ logGroupName: 'cruddur' });
    await client.createLogGroup({ logGroupName: 'Rare', logGroupClass: 'INFREQUENT_ACCESS' });

    expect(await namesOf({ logGroupNamePattern: 'rud' })).toEqual(['cruddur']);
    expect(await namesOf({ logGroupNamePattern: 'rare' })).toEqual([]);
    expect(await namesOf({ logGroupClass: 'INFREQUENT_ACCESS' })).toEqual(['Rare']);
    expect(await namesOf({ logGroupIdentifiers: [ARN] })).toEqual(['cruddur']);
  });

  it('can have a retention policy, which can be deleted', async () => {
    await createStream(client);
    await client.putRetentionPolicy({ ...STREAM, retentionInDays: 7 });
    expect(await client.describeLogGroups()).toMatchObject({ logGroups: [{ retentionInDays: 7 }] });

    await client.deleteRetentionPolicy(STREAM);
    const { logGroups } = await client.describeLogGroups();
    expect(logGroups?.[0]).not.toHaveProperty('retentionInDays');
  });

  it('have tags', async () => {
    await client.createLogGroup({ ...STREAM, tags: { team: 'web', stage: 'test' } });
    await client.tagResource({ resourceArn: `${ARN}:*`, tags: { stage: 'local' } });
    await client.untagResource({ resourceArn: ARN, tagKeys: ['team'] });

    expect((await client.listTagsForResource({ resourceArn: ARN })).tags).toEqual({ stage: 'local' });
  });
});

describe('a call that fails in AWS', () => {
  beforeEach(() => createStream(client));
  const manyTags = Object.fromEntries(Array.from({ length: 51 }, (_, n) => [`tag ${n}`, 'x']));
  const none = { ...STREAM, logGroupName: 'none' };

  it.each([
    ['making a group that is there', 'ResourceAlreadyExistsException', () => client.createLogGroup(STREAM)],
    ['making a stream that is there', 'ResourceAlreadyExistsException', () => client.createLogStream(STREAM)],
    ['making a stream of no group', 'ResourceNotFoundException', () => client.createLogStream(none)],
    [
      'events for no group',
      'ResourceNotFoundException',
      () => client.putLogEvents({ ...none, logEvents: [event('x')] }),
    ],
    [
      'events for no stream',
      'ResourceNotFoundException',
      () => client.putLogEvents({ ...STREAM, logStreamName: 'none', logEvents: [event('x')] }),
    ],
    ['the streams of no group', 'ResourceNotFoundException', () => client.describeLogStreams(none)],
    [
      'retention of no group',
      'ResourceNotFoundException',
      () => client.putRetentionPolicy({ ...none, retentionInDays: 1 }),
    ],
    ['deleting no group', 'ResourceNotFoundException', () => client.deleteLogGroup(none)],
    [
      'deleting no stream',
      'ResourceNotFoundException',
      () => client.deleteLogStream({ ...STREAM, logStreamName: 'none' }),
    ],
    [
      'tags of no group',
      'ResourceNotFoundException',
      () => client.listTagsForResource({ resourceArn: `${ARN}2` }),
    ],
    [
      'tags of something else',
      'InvalidParameterException',
      () => client.listTagsForResource({ resourceArn: 'arn:aws:s3:::cruddur' }),
    ],
    [
      'more than 50 tags',
      'TooManyTagsException',
      () => client.tagResource({ resourceArn: ARN, tags: manyTags }),
    ],
    [
      'a tag that is too long',
      'InvalidParameterException',
      () => client.tagResource({ resourceArn: ARN, tags: { a: 'x'.repeat(257) } }),
    ],
    [
      'an odd retention',
      'InvalidParameterException',
      () => client.putRetentionPolicy({ ...STREAM, retentionInDays: 2 }),
    ],
    ['a bad name', 'InvalidParameterException', () => client.createLogGroup({ logGroupName: 'a b' })],
    [
      'a bad name in an ARN',
      'InvalidParameterException',
      () => client.describeLogStreams({ logGroupIdentifier: ARN.replace('cruddur', 'a b') }),
    ],
    [
      'a name and an identifier',
      'InvalidParameterException',
      () => client.describeLogStreams({ logGroupName: 'cruddur', logGroupIdentifier: 'cruddur' }),
    ],
    [
      'a prefix and a pattern',
      'InvalidParameterException',
      () => client.describeLogGroups({ logGroupNamePrefix: 'a', logGroupNamePattern: 'b' }),
    ],
    ['a page of 51', 'InvalidParameterException', () => client.describeLogGroups({ limit: 51 })],
    ['a token of another', 'InvalidParameterException', () => client.describeLogGroups({ nextToken: 'x' })],
    [
      'an order by time with a prefix',
      'InvalidParameterException',
      () =>
        client.describeLogStreams({
          logGroupName: 'cruddur',
          orderBy: 'LastEventTime',
          logStreamNamePrefix: 'a',
        }),
    ],
  ])('fails in the console: %s', async (_, name, call) => {
    await expect(call()).rejects.toMatchObject({ name, $metadata: { httpStatusCode: 400 } });
  });
});
