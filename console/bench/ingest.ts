import { spawnSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { ConsoleStatus } from '../src/api/types.ts';
import type { ConsoleProcess } from './console-process.ts';
import { SPANS_PER_REQUEST, type Traffic, trafficOf } from './traffic.ts';

const BATCHES_PER_SECOND = 10;

const compress = promisify(gzip);

export interface IngestResult {
  readonly spansPerSecond: number;
  readonly linesPerSecond: number;
  /** Items that the console acknowledged but did not count. */
  readonly lost: number;
  readonly highestRssBytes: number;
}

/** Sends spans and as many log lines at a fixed rate, over the real protocols. */
export async function ingest(
  { url, pid }: Pick<ConsoleProcess, 'url' | 'pid'>,
  { perSecond, seconds }: { perSecond: number; seconds: number },
): Promise<IngestResult> {
  await createLogStream(url);
  const before = await received(url);
  const start = performance.now();
  let sent = 0;
  let highestRssBytes = 0;
  for (let batch = 0; batch < seconds * BATCHES_PER_SECOND; batch += 1) {
    const traffic = trafficOf(Math.ceil(perSecond / BATCHES_PER_SECOND / SPANS_PER_REQUEST));
    await send(url, traffic);
    sent += traffic.traceIds.length * SPANS_PER_REQUEST;
    if (batch % BATCHES_PER_SECOND === 0) highestRssBytes = Math.max(highestRssBytes, rssBytes(pid));
    await sleep(Math.max(0, start + ((batch + 1) * 1000) / BATCHES_PER_SECOND - performance.now()));
  }
  const elapsed = (performance.now() - start) / 1000;
  const after = await received(url);
  const rate = (count: number) => count / elapsed;
  return {
    spansPerSecond: rate(after.spans - before.spans),
    linesPerSecond: rate(after.lines - before.lines),
    lost: 2 * sent - (after.spans - before.spans) - (after.lines - before.lines),
    highestRssBytes: Math.max(highestRssBytes, rssBytes(pid)),
  };
}

/** Sends the traffic. Resolves when the console has acknowledged spans and lines. */
export async function send(url: string, { spans, lines }: Traffic): Promise<void> {
  const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' };
  const answers = await Promise.all([
    fetch(`${url}/v1/traces`, {
      method: 'POST',
      headers,
      body: new Uint8Array(await compress(spans, { level: 1 })),
    }),
    callLogs(url, 'PutLogEvents', lines),
  ]);
  for (const answer of answers) {
    if (!answer.ok) throw new Error(`the console answered ${answer.status}: ${await answer.text()}`);
    await answer.arrayBuffer();
  }
}

/** Creates the log group and the stream that `send` writes to. */
export async function createLogStream(url: string): Promise<void> {
  await callLogs(url, 'CreateLogGroup', JSON.stringify({ logGroupName: 'cruddur' }));
  await callLogs(url, 'CreateLogStream', JSON.stringify({ logGroupName: 'cruddur', logStreamName: 'bench' }));
}

function callLogs(url: string, operation: string, body: string): Promise<Response> {
  const headers = {
    'content-type': 'application/x-amz-json-1.1',
    'x-amz-target': `Logs_20140328.${operation}`,
  };
  return fetch(url, { method: 'POST', headers, body });
}

async function received(url: string): Promise<{ spans: number; lines: number }> {
  const answer = await fetch(`${url}/api/status`);
  const { sinks } = (await answer.json()) as ConsoleStatus;
  return { spans: sinks.otlp.received, lines: sinks['cloudwatch-logs'].received };
}

function rssBytes(pid: number): number {
  return Number(spawnSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' }).stdout) * 1024;
}
