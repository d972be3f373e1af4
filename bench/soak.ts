import { setInterval as every } from 'node:timers/promises';
import { startPostgresServer } from '../test/helpers/database/postgres-server.ts';
import { BenchProcess } from './bench-process.ts';
import type { ReceiversReady } from './cost/receivers.ts';
import { steadyLoad } from './load/steady-load.ts';
import type { Usage } from './serve.ts';
import { startStoredServer } from './start-stored-server.ts';
import { percentile, table } from './table.ts';

const RATE = 200;
const SAMPLE_MS = 5000;
const MAX_CHANGE_PERCENT = 10;
const MAX_RSS_MB = 230;

/** Seven of ten requests are for the home feed. */
const PATHS = [
  ...Array.from({ length: 7 }, () => '/api/activities/home'),
  '/api/activities/@worf',
  '/api/activities/notifications',
  '/api/message_groups',
];

/**
 * Measures the memory of the service under an even load on PostgreSQL, with all four sinks on and 100,000
 * activities stored: after a fifth of the time, which is 2 of 10 minutes, and at the end.
 */
export async function measureSoak(minutes: number): Promise<string> {
  const receivers = new BenchProcess<ReceiversReady>(new URL('./cost/receivers.ts', import.meta.url), {});
  const { ruleSampling: sinks } = await receivers.ready;
  const postgres = await startPostgresServer();
  const { api, origin } = await startStoredServer(postgres.url, sinks);
  const usage = () => api.ask<Usage>({ command: 'usage' });
  const before = await usage();
  let failures = 0;
  const load = steadyLoad({
    urls: PATHS.map((path) => origin + path),
    rate: RATE,
    seconds: minutes * 60,
    onFailure: () => {
      failures += 1;
    },
  });
  const samples = await sampleUntil(load, usage);
  const latencies = await load;
  await api.stop();
  await postgres.close();
  await receivers.stop();
  const last = samples.at(-1) ?? before;
  return soakReport(minutes, samples, [
    ['CPU per request, µs', ((last.cpuMicros - before.cpuMicros) / latencies.length).toFixed(0), ''],
    ['p99, ms', percentile(latencies, 99).toFixed(1), ''],
    ['failed requests', String(failures), budget(failures, 0)],
  ]);
}

async function sampleUntil(end: Promise<unknown>, usage: () => Promise<Usage>): Promise<Usage[]> {
  const stop = new AbortController();
  const stopSampling = () => stop.abort();
  end.then(stopSampling, stopSampling);
  const samples: Usage[] = [];
  for await (const _ of every(SAMPLE_MS)) {
    samples.push(await usage());
    if (stop.signal.aborted) break;
  }
  return samples;
}

function soakReport(minutes: number, samples: readonly Usage[], others: readonly string[][]): string {
  const rss = samples.map(({ rssBytes }) => rssBytes / 1e6);
  const early = rss[Math.floor(rss.length / 5)] ?? Number.NaN;
  const late = rss.at(-1) ?? Number.NaN;
  const change = (100 * (late - early)) / early;
  const max = Math.max(...rss);
  const maxHeap = Math.max(...samples.map(({ heapBytes }) => heapBytes / 1e6));
  return table(
    ['', 'measured', 'budget'],
    [
      [`RSS after ${minutes / 5} min, MB`, early.toFixed(0), ''],
      [`RSS after ${minutes} min, MB`, late.toFixed(0), ''],
      ['change, %', change.toFixed(1), budget(Math.abs(change), MAX_CHANGE_PERCENT)],
      ['largest RSS, MB', max.toFixed(0), budget(max, MAX_RSS_MB)],
      ['largest heap, MB', maxHeap.toFixed(0), ''],
      ...others,
    ],
  );
}

function budget(measured: number, limit: number): string {
  return measured <= limit ? String(limit) : `${limit} (missed)`;
}
