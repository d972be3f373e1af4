import { afterAll, beforeAll, describe, it } from 'vitest';
import { type FaultMode, startFaultyServer } from '../../helpers/network/faulty-server.ts';
import { freePort } from '../../helpers/network/free-port.ts';
import { openCloudwatchLogger, setCredentials } from '../../helpers/telemetry/cloudwatch-logger.ts';
import { type Receivers, startReceivers } from '../../helpers/telemetry/receivers.ts';
import { until } from '../../helpers/until.ts';

let receivers: Receivers;

beforeAll(async () => {
  setCredentials();
  receivers = await startReceivers();
});

afterAll(() => receivers.close());

function refusal(status: number, type: string): FaultMode {
  const headers = { 'content-type': 'application/x-amz-json-1.1' };
  return { status, headers, body: JSON.stringify({ __type: type, message: 'the key AKIAIOSFODNN7EXAMPLE' }) };
}

/** A logger to a faulty server, which in mode `ok` forwards to the receivers. */
async function open(mode: FaultMode, timeoutMs?: number) {
  const server = await startFaultyServer(mode, receivers.url);
  const opened = openCloudwatchLogger({ endpoint: server.url, ...(timeoutMs && { timeoutMs }) });
  return { ...opened, server };
}

const FAULTS: [name: string, mode: FaultMode, lastError: string][] = [
  ['hangs', 'hang', 'DescribeLogStreams: no answer in time'],
  ['resets connections', 'reset', 'DescribeLogStreams: ECONNRESET'],
  ['answers null', 'null', 'DescribeLogStreams: answer 200 is not from CloudWatch Logs'],
  ['answers nothing', { status: 200 }, 'DescribeLogStreams: answer 200 is not from CloudWatch Logs'],
  ['answers 204', { status: 204 }, 'DescribeLogStreams: answer 204 is not from CloudWatch Logs'],
  ['answers a web page', 'garbage', 'DescribeLogStreams: answer 200 is not from CloudWatch Logs'],
  ['answers without end', 'huge', 'DescribeLogStreams: answer is longer than 1000000 bytes'],
  [
    'answers a list',
    { status: 200, body: '[]' },
    'DescribeLogStreams: answer 200 is not from CloudWatch Logs',
  ],
  [
    'redirects',
    { status: 301, headers: { location: 'http://127.0.0.1:1/' } },
    'DescribeLogStreams answered 301',
  ],
  ['answers 401', { status: 401, body: 'null' }, 'DescribeLogStreams answered 401'],
  ['answers 429', { status: 429 }, 'Throttled: DescribeLogStreams answered 429'],
  ['answers 500', { status: 500, body: '<html>' }, 'DescribeLogStreams answered 500'],
  ['answers nonsense', { status: 400, body: '{"__type":{"a":1}}' }, 'DescribeLogStreams answered 400'],
  [
    'throttles',
    refusal(400, 'ThrottlingException'),
    'Throttled: ThrottlingException: DescribeLogStreams answered 400',
  ],
  [
    'throttles by another name',
    refusal(400, 'Throttling'),
    'Throttled: Throttling: DescribeLogStreams answered 400',
  ],
  [
    'denies access',
    refusal(400, 'com.amazonaws.logs#AccessDeniedException'),
    'AccessDeniedException: DescribeLogStreams answered 400',
  ],
  [
    'does not know the credentials',
    refusal(400, 'UnrecognizedClientException'),
    'UnrecognizedClientException: DescribeLogStreams answered 400',
  ],
  [
    'finds the credentials expired',
    refusal(400, 'ExpiredTokenException'),
    'ExpiredTokenException: DescribeLogStreams answered 400',
  ],
];

describe.concurrent('while CloudWatch Logs', () => {
  it.for(FAULTS)(
    '%s, lines wait, the reason is reported, and all lines arrive later',
    async ([, mode, lastError], { expect }) => {
      const { logger, server, counts, sink } = await open(mode, 300);
      logger.info('first');
      await until(() => sink.report().last_error !== null);
      expect(counts()).toEqual({ accepted: 1, sent: 0, dropped: 0, queued: 1, last_error: lastError });
      expect(server.requests()).toBe(1);
      logger.info('second');
      server.become('ok');
      await until(() => sink.report().sent === 2);
      expect(counts()).toMatchObject({ accepted: 2, sent: 2, dropped: 0, queued: 0 });
      await server.close();
    },
  );

  it.for(FAULTS)('%s, the drain ends in time and counts the loss', async ([, mode], { expect }) => {
    const { logger, server, counts } = await open(mode);
    logger.info('a');
    logger.info('b');
    const start = performance.now();
    await logger.drain(150);
    expect(performance.now() - start).toBeLessThan(1500);
    expect(counts()).toEqual({
      accepted: 2,
      sent: 0,
      dropped: 2,
      queued: 0,
      last_error: 'not acknowledged within 150 ms of the drain',
    });
    await server.close();
  });

  it('refuses connections, no line is lost before the drain', async ({ expect }) => {
    const { logger, counts, sink } = openCloudwatchLogger({
      endpoint: `http://127.0.0.1:${await freePort()}`,
    });
    logger.info('a');
    await until(() => sink.report().last_error !== null);
    expect(counts()).toMatchObject({ queued: 1, dropped: 0, last_error: 'DescribeLogStreams: ECONNREFUSED' });
    await logger.drain(50);
    expect(counts()).toMatchObject({ queued: 0, dropped: 1 });
  });

  it('is slow, lines still arrive', async ({ expect }) => {
    const { logger, server, counts } = await open({ slow: 100 });
    logger.info('a');
    await logger.drain(10_000);
    expect(counts()).toMatchObject({ accepted: 1, sent: 1, dropped: 0, last_error: null });
    await server.close();
  });
});

describe.concurrent('when PutLogEvents', () => {
  /** A logger whose group and stream already exist. */
  async function openRunning() {
    const opened = await open('ok');
    opened.logger.info('first');
    await until(() => opened.sink.report().sent === 1);
    return opened;
  }

  it.for([
    [
      'is throttled',
      refusal(400, 'ThrottlingException'),
      'Throttled: ThrottlingException: PutLogEvents answered 400',
    ],
    ['fails', { status: 500 }, 'PutLogEvents answered 500'],
    ['is denied', refusal(400, 'AccessDeniedException'), 'AccessDeniedException: PutLogEvents answered 400'],
    ['is answered null', 'null', 'PutLogEvents: answer 200 is not from CloudWatch Logs'],
  ] as [string, FaultMode, string][])(
    '%s, the upload is retried after a pause, with one call per attempt',
    async ([, mode, lastError], { expect }) => {
      const { logger, server, sink, counts } = await openRunning();
      const before = server.requests();
      server.become(mode);
      logger.info('second');
      await until(() => sink.report().last_error !== null);
      expect(server.requests() - before).toBe(1);
      expect(counts()).toEqual({ accepted: 2, sent: 1, dropped: 0, queued: 1, last_error: lastError });
      server.become('ok');
      await until(() => sink.report().sent === 2);
      expect(server.requests() - before).toBeLessThanOrEqual(3);
      await server.close();
    },
  );

  it.for([
    ['InvalidParameterException', refusal(400, 'InvalidParameterException')],
    ['413', { status: 413 }],
  ] as [string, FaultMode][])(
    'rejects the events with %s, they are dropped',
    async ([name, mode], { expect }) => {
      const { logger, server, sink, counts } = await openRunning();
      const before = server.requests();
      server.become(mode);
      logger.info('second');
      await until(() => sink.report().dropped === 1);
      expect(server.requests() - before).toBe(1);
      expect(counts()).toMatchObject({ accepted: 2, sent: 1, dropped: 1, queued: 0 });
      expect(counts().last_error).toContain(name);
      server.become('ok');
      logger.info('third');
      await until(() => sink.report().sent === 2);
      await server.close();
    },
  );

  it('responds that it already has the events, they count as sent', async ({ expect }) => {
    const { logger, server, counts } = await openRunning();
    server.become(refusal(400, 'DataAlreadyAcceptedException'));
    logger.info('second');
    await logger.drain(5000);
    expect(counts()).toEqual({ accepted: 2, sent: 2, dropped: 0, queued: 0, last_error: null });
    await server.close();
  });
});

describe('in a long outage', () => {
  it('the queue is bounded and counts what it drops', async ({ expect }) => {
    const { logger, server, counts } = await open('hang');
    const before = process.memoryUsage().heapUsed;
    for (let i = 0; i < 120_000; i += 1) logger.info('m');
    expect(counts()).toEqual({
      accepted: 120_000,
      sent: 0,
      dropped: 20_000,
      queued: 100_000,
      last_error: 'queue full',
    });
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(150_000_000);
    await logger.drain(0);
    await server.close();
  });
});
