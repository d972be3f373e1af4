import type { CloudWatchLogs } from '@aws-sdk/client-cloudwatch-logs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import winston from 'winston';
import WinstonCloudWatch from 'winston-cloudwatch';
import { type Receivers, startReceivers } from '../helpers/receivers.ts';
import { until } from '../helpers/until.ts';
import awsCli from '../payloads/aws-cli-cloudwatch.json' with { type: 'json' };
import { createCloudWatchClient, createStream, event, STREAM } from './cloudwatch-client.ts';

const TRACE_ID = '58406520a006649127e371903a2de979';

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

describe('winston-cloudwatch', () => {
  function createLogger() {
    const transport = new WinstonCloudWatch({
      ...STREAM,
      cloudWatchLogs: client,
      retentionInDays: 7,
      uploadRate: 10,
      messageFormatter: (log) => JSON.stringify(log),
    });
    return { transport, logger: winston.createLogger({ transports: [transport] }) };
  }

  it('creates its group and stream, and its lines are in the trace that each names', async () => {
    const { transport, logger } = createLogger();
    logger.info('first', { trace_id: TRACE_ID });
    logger.error('second', { xray_trace_id: '1-58406520-a006649127e371903a2de979' });

    await until(() => receivers.logEvents().length === 2);
    await new Promise((resolve) => transport.kthxbye(resolve));
    expect(receivers.logEvents()).toContainEqual(
      expect.objectContaining({
        group: 'cruddur',
        stream: 'web/host',
        fields: { level: 'info', message: 'first', trace_id: TRACE_ID },
      }),
    );
    expect(receivers.journal.byTrace(TRACE_ID)).toHaveLength(2);
    await until(async () => (await client.describeLogGroups()).logGroups?.[0]?.retentionInDays === 7);
  });

  it('creates its group again when it is gone, as after a restart of the console', async () => {
    const { transport, logger } = createLogger();
    logger.info('before');
    await until(() => receivers.logEvents().length === 1);
    await client.deleteLogGroup({ logGroupName: STREAM.logGroupName });
    logger.info('after');

    await until(() => receivers.logEvents().length === 2);
    await new Promise((resolve) => transport.kthxbye(resolve));
  });
});

describe('the AWS CLI', () => {
  /** Replaces the times by current ones. */
  async function replay({ path, headers, body }: typeof awsCli.tail): Promise<unknown> {
    const sent = body.replace(/(?<="startTime": )\d+/, String(Date.now() - 600_000));
    const response = await fetch(receivers.url + path, { method: 'POST', headers, body: sent });
    expect(response.status).toBe(200);
    return response.json();
  }

  beforeEach(async () => {
    await createStream(client);
    const logEvents = [
      event('{"level":"info","status":200,"message":"GET /a 200"}', 2),
      event('{"level":"error","status":500,"message":"GET /b 500"}', 1),
      event('plain line'),
    ];
    await client.putLogEvents({ ...STREAM, logEvents });
  });

  it('gets an answer to aws logs tail', async () => {
    expect(await replay(awsCli.tail)).toMatchObject({
      events: [{ logStreamName: 'web/host' }, {}, { message: 'plain line' }],
      searchedLogStreams: [],
    });
    expect(await replay(awsCli.tailFiltered)).toMatchObject({
      events: [{ message: expect.stringContaining('GET /b 500') }],
    });
  });

  it('gets an answer to aws logs filter-log-events', async () => {
    expect(await replay(awsCli.filterLogEvents)).toMatchObject({
      events: [{ message: expect.stringContaining('GET /a 200') }],
      nextToken: expect.any(String),
    });
  });

  it('gets an answer to aws logs get-log-events', async () => {
    await client.createLogStream({ ...STREAM, logStreamName: 'backend-express/host' });
    await client.putLogEvents({
      ...STREAM,
      logStreamName: 'backend-express/host',
      logEvents: [event('first'), event('second')],
    });

    expect(await replay(awsCli.getLogEvents)).toMatchObject({ events: [{ message: 'first' }] });
  });

  it('gets an answer to aws logs describe-log-groups', async () => {
    expect(await replay(awsCli.describeLogGroups)).toMatchObject({
      logGroups: [{ logGroupName: 'cruddur', arn: 'arn:aws:logs:local:000000000000:log-group:cruddur:*' }],
    });
  });
});

describe('an invalid request', () => {
  function call(target: string, body: string): Promise<Response> {
    const headers = { 'x-amz-target': target, 'content-type': 'application/x-amz-json-1.1' };
    return fetch(receivers.url, { method: 'POST', headers, body });
  }

  it.each([
    ['names an unknown operation', 'Logs_20140328.Explode', '{}', 'UnknownOperationException'],
    ['names an inherited property', 'Logs_20140328.constructor', '{}', 'UnknownOperationException'],
    ['is not JSON', 'Logs_20140328.CreateLogGroup', '{"logGroup', 'SerializationException'],
    ['is not an object', 'Logs_20140328.CreateLogGroup', 'null', 'SerializationException'],
    ['has no group name', 'Logs_20140328.CreateLogGroup', '', 'InvalidParameterException'],
  ])('is refused with an error of AWS, and counted: it %s', async (_, target, body, type) => {
    const response = await call(target, body);

    expect(response.status).toBe(400);
    expect(response.headers.get('content-type')).toBe('application/x-amz-json-1.1');
    expect(await response.json()).toMatchObject({ __type: type });
    expect(receivers.journal.counts().unread['cloudwatch-logs']).toBe(1);
  });
});
