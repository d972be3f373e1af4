import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { ConsoleStatus } from '../../src/api/types.ts';
import { useMeasuredConsole } from './measured-console.ts';

const MEMORY_MB = 8;
/** The process has 100 MB at its start. */
const MAX_RSS_MB = 220;

const { ask, rssMb, url } = useMeasuredConsole(MEMORY_MB, 4);

const post = (path: string, headers: Record<string, string>, body: Buffer | string) =>
  ask('POST', path, body, headers);

const headersOf = (operation: string) => ({ 'x-amz-target': `Logs_20140328.${operation}` });

function logs(operation: string, input: object) {
  return post('/', headersOf(operation), JSON.stringify(input));
}

/** Stands for a text of 1 MB. */
const HUGE = '%HUGE%';
const HUGE_GZIPPED = gzipSync('x'.repeat(1_000_000));

/** Compresses the huge text once for all requests: a gzip file may have several parts. */
function gzipWithHugeText(input: object): Buffer {
  const [before = '', after = ''] = JSON.stringify(input).split(HUGE);
  return Buffer.concat([gzipSync(before), HUGE_GZIPPED, gzipSync(after)]);
}

async function status(): Promise<ConsoleStatus> {
  return (await (await fetch(`${url()}/api/status`)).json()) as ConsoleStatus;
}

async function inParallel(count: number, send: (n: number) => Promise<{ status: number; text: string }>) {
  const answers: string[] = [];
  let next = 0;
  const worker = async () => {
    while (next < count) answers.push((await send(next++)).text);
  };
  await Promise.all([worker(), worker(), worker(), worker()]);
  return answers;
}

async function expectBounded(): Promise<void> {
  const { memory } = await status();
  expect(memory.bytes).toBeLessThanOrEqual(memory.maxBytes);
  expect(rssMb()).toBeLessThan(MAX_RSS_MB);
}

describe('names', () => {
  it('that are large when decompressed are refused: classes, tags, names', async () => {
    const answers = await inParallel(400, (n) =>
      post(
        '/',
        { ...headersOf('CreateLogGroup'), 'content-encoding': 'gzip' },
        gzipWithHugeText(
          [
            { logGroupName: `g${n}`, logGroupClass: HUGE },
            { logGroupName: `g${n}`, tags: { a: HUGE } },
            { logGroupName: HUGE },
            { logGroupIdentifier: `arn:${HUGE}:logs:r:a:log-group:a-name-of-a-group-${n}` },
          ][n % 4] ?? {},
        ),
      ),
    );
    expect(answers.every((text) => text.includes('InvalidParameterException'))).toBe(true);
    await expectBounded();
  });

  it('of groups and tags count against the memory, and end in LimitExceededException', async () => {
    const before = (await status()).memory.bytes;
    const tags = (n: number) =>
      Object.fromEntries(
        Array.from({ length: 50 }, (_, tag) => [`${n}-${tag}`.padEnd(128, 'k'), 'v'.repeat(256)]),
      );
    const answers = await inParallel(300, (n) =>
      logs('CreateLogGroup', { logGroupName: `${n}`.padEnd(512, 'g'), tags: tags(n) }),
    );
    expect(answers.some((text) => text.includes('LimitExceededException'))).toBe(true);
    expect((await status()).memory.bytes - before).toBeGreaterThan(500_000);
    await expectBounded();
  });

  it('are free again when their groups are deleted', async () => {
    const { text } = await logs('DescribeLogGroups', {});
    const full = (await status()).memory.bytes;
    for (const { logGroupName } of (JSON.parse(text) as { logGroups: { logGroupName: string }[] }).logGroups)
      await logs('DeleteLogGroup', { logGroupName });
    expect((await status()).memory.bytes).toBeLessThan(full);
    expect((await logs('CreateLogGroup', { logGroupName: 'again' })).status).toBe(200);
  });

  it('of streams count against the memory', async () => {
    await inParallel(3000, (n) =>
      logs('CreateLogStream', { logGroupName: 'again', logStreamName: `${n}`.padEnd(512, 'é') }),
    );
    await expectBounded();
  });
});

describe('summaries', () => {
  const spans = (batch: number) =>
    JSON.stringify({
      resourceSpans: [
        {
          resource: { attributes: [{ key: 'service.name', value: { stringValue: '界'.repeat(2000) } }] },
          scopeSpans: [
            {
              spans: Array.from({ length: 200 }, (_, n) => ({
                traceId: (batch * 200 + n + 1).toString(16).padStart(32, 'a'),
                spanId: 'b'.repeat(16),
                name: '界'.repeat(2000),
                startTimeUnixNano: `${Date.now()}000000`,
                kind: 2,
                attributes: ['http.request.method', 'http.route', 'url.path', 'url.query'].map((key) => ({
                  key,
                  value: { stringValue: '界'.repeat(600) },
                })),
              })),
            },
          ],
        },
      ],
    });

  it('of traces with long names take no more memory than the journal', async () => {
    for (let batch = 0; batch < 20; batch++) {
      expect(
        (
          await post(
            '/v1/traces',
            { 'content-type': 'application/json', 'content-encoding': 'gzip' },
            gzipSync(spans(batch)),
          )
        ).status,
      ).toBe(200);
    }
    await expectBounded();
  });
});
