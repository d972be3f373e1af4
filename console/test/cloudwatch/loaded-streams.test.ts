import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Console, startConsole } from '../../src/server.ts';
import awsCli from '../payloads/aws-cli-cloudwatch.json' with { type: 'json' };
import { createCloudWatchClient, createStream, event, STREAM } from './cloudwatch-client.ts';

let folder: string;
let loaded: Console;
let client: ReturnType<typeof createCloudWatchClient>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loaded-streams-'));
  const save = join(folder, 'run.ndjson');
  const first = await startConsole({ save });
  const writer = createCloudWatchClient(first);
  await createStream(writer);
  await writer.createLogStream({ ...STREAM, logStreamName: 'other' });
  await writer.putLogEvents({ ...STREAM, logEvents: [event('one', 2000), event('two', 1000)] });
  await writer.putLogEvents({ ...STREAM, logStreamName: 'other', logEvents: [event('three')] });
  writer.destroy();
  await first.close();
  loaded = await startConsole({ load: save });
  client = createCloudWatchClient(loaded);
});
afterAll(async () => {
  client.destroy();
  await loaded.close();
  await rm(folder, { recursive: true });
});

describe('after a recording was loaded', () => {
  it('aws logs tail shows its lines', async () => {
    const { path, headers, body } = awsCli.tail;
    const sent = body.replace(/(?<="startTime": )\d+/, String(Date.now() - 600_000));
    const response = await fetch(loaded.url + path, { method: 'POST', headers, body: sent });
    expect(response.status).toBe(200);
    const { events } = (await response.json()) as { events: { message: string }[] };
    expect(events.map(({ message }) => message)).toEqual(expect.arrayContaining(['one', 'two', 'three']));
  });

  it('its groups and streams are described', async () => {
    expect(await client.describeLogGroups()).toMatchObject({ logGroups: [{ logGroupName: 'cruddur' }] });
    const { logStreams = [] } = await client.describeLogStreams({
      logGroupName: 'cruddur',
      orderBy: 'LastEventTime',
    });
    expect(logStreams.map(({ logStreamName }) => logStreamName)).toEqual(['web/host', 'other']);
    expect(logStreams[0]).toMatchObject({
      firstEventTimestamp: expect.any(Number),
      lastIngestionTime: expect.any(Number),
    });
    const { events } = await client.getLogEvents({ ...STREAM, startFromHead: true });
    expect(events?.map(({ message }) => message)).toEqual(['one', 'two']);
  });

  it('its streams take new lines, which a second tail shows', async () => {
    await client.putLogEvents({ ...STREAM, logEvents: [event('four')] });
    const { events } = await client.filterLogEvents({ logGroupName: 'cruddur' });
    expect(events?.map(({ message }) => message)).toContain('four');
    await expect(client.createLogGroup({ logGroupName: 'cruddur' })).rejects.toMatchObject({
      name: 'ResourceAlreadyExistsException',
    });
  });
});
