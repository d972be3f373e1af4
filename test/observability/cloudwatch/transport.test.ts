import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { openCloudwatchLogger, setCredentials } from '../../helpers/telemetry/cloudwatch-logger.ts';
import { type Receivers, startReceivers } from '../../helpers/telemetry/receivers.ts';
import { until } from '../../helpers/until.ts';

let receivers: Receivers;

beforeAll(async () => {
  setCredentials();
  receivers = await startReceivers();
});

afterAll(() => receivers.close());

const HOUR = 3_600_000;

/** A logger with a log group of its own at the receivers, and the requests and events that arrive there. */
function open(options: { group?: string; stream?: string; retentionDays?: number } = {}) {
  const group = options.group ?? `cruddur-${randomUUID()}`;
  const opened = openCloudwatchLogger({ endpoint: receivers.url, ...options, group });
  const requests = () =>
    receivers
      .requests('cloudwatch-logs')
      .map(({ headers, json }) => ({
        operation: String(headers['x-amz-target']).split('.')[1],
        input: json as { logGroupName: string; logStreamName?: string; logEvents?: { message: string }[] },
      }))
      .filter(({ input }) => input.logGroupName === group);
  return {
    ...opened,
    group,
    requests,
    events: () => receivers.logEvents().filter((event) => event.group === group),
    messages: () =>
      receivers
        .logEvents()
        .filter((event) => event.group === group)
        .map(({ fields }) => fields.message),
    batches: () =>
      requests().flatMap(({ operation, input }) =>
        operation === 'PutLogEvents' ? [input.logEvents ?? []] : [],
      ),
  };
}

describe.concurrent('the CloudWatch transport', () => {
  it('creates group, stream and retention, then sends each line as on stdout', async ({ expect }) => {
    const { logger, requests, events, counts } = open({ stream: 'backend-express/a', retentionDays: 7 });
    logger.warn('GET /nowhere 404', { status: 404 });
    await logger.drain(5000);
    expect(requests().map(({ operation }) => operation)).toEqual([
      'DescribeLogStreams',
      'CreateLogGroup',
      'PutRetentionPolicy',
      'DescribeLogStreams',
      'CreateLogStream',
      'PutLogEvents',
    ]);
    const [event] = events();
    expect(event?.stream).toBe('backend-express/a');
    expect(new Date(event?.timestamp ?? 0).toISOString()).toBe(event?.fields.timestamp);
    expect(event?.message).toBe(
      `{"timestamp":"${event?.fields.timestamp}","level":"warn","message":"GET /nowhere 404","service":"backend-express","status":404}`,
    );
    expect(counts()).toEqual({ accepted: 1, sent: 1, dropped: 0, queued: 0, last_error: null });
  });

  it('makes no call before the first line, and only uploads after the first batch', async ({ expect }) => {
    const { logger, requests, counts } = open();
    expect(requests()).toEqual([]);
    logger.info('first');
    await until(() => counts().sent === 1);
    const before = requests().length;
    logger.info('second');
    await until(() => counts().sent === 2);
    expect(
      requests()
        .slice(before)
        .map(({ operation }) => operation),
    ).toEqual(['PutLogEvents']);
  });

  it('keeps the order of lines of the same millisecond', async ({ expect }) => {
    const { logger, messages } = open();
    const written = Array.from({ length: 500 }, (_, i) => `line ${i}`);
    for (const message of written) logger.info(message);
    await logger.drain(5000);
    expect(messages()).toEqual(written);
  });

  it('delivers a burst of 12,000 lines', async ({ expect }) => {
    const { logger, messages, batches, counts } = open();
    for (let i = 0; i < 12_000; i += 1) logger.info(`${i}`);
    await logger.drain(10_000);
    expect(counts()).toMatchObject({ accepted: 12_000, sent: 12_000, dropped: 0, last_error: null });
    expect(messages()).toEqual(Array.from({ length: 12_000 }, (_, i) => `${i}`));
    for (const batch of batches()) {
      const bytes = batch.reduce((sum, { message }) => sum + Buffer.byteLength(message) + 26, 0);
      expect(bytes).toBeLessThanOrEqual(1_000_000);
      expect(batch.length).toBeLessThanOrEqual(10_000);
    }
  });

  it('sends a line that is too long for one event as several events, without loss', async ({ expect }) => {
    const { logger, events, counts } = open();
    logger.info('before');
    const texts = Array.from({ length: 667 }, () => `a${'€😀'.repeat(150)}`);
    logger.info('long', { texts });
    logger.info('after');
    await logger.drain(10_000);
    const [before, ...parts] = events().map(({ message }) => message);
    const after = parts.pop();
    expect(JSON.parse(before ?? '')).toMatchObject({ message: 'before' });
    expect(JSON.parse(parts.join(''))).toMatchObject({ message: 'long', texts });
    expect(JSON.parse(after ?? '')).toMatchObject({ message: 'after' });
    expect(parts).toHaveLength(3);
    for (const part of parts) {
      expect(part.isWellFormed()).toBe(true);
      expect(Buffer.byteLength(part) + 26).toBeLessThanOrEqual(256_000);
    }
    expect(counts()).toMatchObject({ accepted: 5, sent: 5, dropped: 0, last_error: null });
  });

  it('counts events that are rejected for their age as dropped', async ({ expect }) => {
    const { logger, logAt, messages, counts } = open();
    const now = Date.now();
    const line = (message: string) => JSON.stringify({ message });
    logAt(now - 20 * 24 * HOUR, line('ancient'));
    logAt(now - 20 * 24 * HOUR, line('ancient too'));
    logAt(now, line('present'));
    logAt(now + 5 * HOUR, line('future'));
    await logger.drain(5000);
    expect(messages()).toEqual(['present']);
    expect(counts()).toEqual({
      accepted: 4,
      sent: 1,
      dropped: 3,
      queued: 0,
      last_error: 'too old or too new',
    });
  });

  it('delivers all lines after the clock stepped back, and lines that waited for days', async ({
    expect,
  }) => {
    const { logger, logAt, messages, counts } = open();
    const now = Date.now();
    for (const hours of [-50, -26, -25, -2, -1, -3]) {
      logAt(now + hours * HOUR, JSON.stringify({ message: hours }));
    }
    await logger.drain(5000);
    expect(counts()).toMatchObject({ accepted: 6, sent: 6, dropped: 0, last_error: null });
    expect(messages()).toEqual([-50, -26, -25, -3, -2, -1]);
  });

  it('creates a deleted group and stream again', async ({ expect }) => {
    const { logger, group, counts } = open({ stream: 'backend-express/deleted' });
    logger.info('m');
    await logger.drain(5000);
    const others = await startReceivers();
    const again = openCloudwatchLogger({ endpoint: others.url, group, stream: 'backend-express/deleted' });
    again.logger.info('again');
    await again.logger.drain(5000);
    await others.close();
    expect(counts()).toMatchObject({ sent: 1, last_error: null });
    expect(others.logEvents().map(({ fields }) => fields.message)).toEqual(['again']);
    expect(again.counts()).toMatchObject({ sent: 1, dropped: 0, last_error: null });
  });

  it('uses a group and a stream that already exist', async ({ expect }) => {
    const first = open();
    first.logger.info('first');
    await first.logger.drain(5000);
    const second = open({ group: first.group });
    second.logger.info('second');
    await second.logger.drain(5000);
    expect(first.messages()).toEqual(['first', 'second']);
  });

  it('sends lines that were logged while a batch was in flight', async ({ expect }) => {
    const { logger, requests, messages } = open();
    logger.info('first');
    await until(() => requests().length > 0);
    logger.info('second');
    await logger.drain(5000);
    expect(messages()).toEqual(['first', 'second']);
  });
});
