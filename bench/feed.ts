import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedProcess } from '../test/helpers/database/embedded-process.ts';
import { startPostgresServer } from '../test/helpers/database/postgres-server.ts';
import { BenchProcess } from './bench-process.ts';
import type { ReceiversReady } from './cost/receivers.ts';
import { steadyLoad } from './load/steady-load.ts';
import type { Usage } from './serve.ts';
import { startStoredServer } from './start-stored-server.ts';
import { percentile, table } from './table.ts';

const WARM_UP_SECONDS = 8;
const SECONDS = 15;

/** Measures the home feed over HTTP at a fixed rate, with all four sinks on and 100,000 activities stored. */
export async function measureFeed(): Promise<string> {
  const receivers = new BenchProcess<ReceiversReady>(new URL('./cost/receivers.ts', import.meta.url), {});
  const { ruleSampling: sinks } = await receivers.ready;
  const folder = await mkdtemp(join(tmpdir(), 'cruddur-bench-'));
  try {
    const postgres = await measureOn(await startPostgresServer(), sinks, 200);
    const embedded = await measureOn(await startEmbeddedProcess(folder, { execArgv: [] }), sinks, 50);
    return table(
      ['', 'p99 ms', 'budget', 'RSS MB', 'budget'],
      [
        ['PostgreSQL, 200 requests/s', postgres.p99, '20', postgres.rss, '200'],
        ['embedded, 50 requests/s', embedded.p99, '100', embedded.rss, '200'],
      ],
    );
  } finally {
    await receivers.stop();
    await rm(folder, { recursive: true });
  }
}

async function measureOn(
  server: { readonly url: string; close(): Promise<void> },
  sinks: Record<string, string>,
  rate: number,
): Promise<{ p99: string; rss: string }> {
  const { api, origin } = await startStoredServer(server.url, sinks);
  const urls = [`${origin}/api/activities/home`];
  await steadyLoad({ urls, rate, seconds: WARM_UP_SECONDS });
  const latencies = await steadyLoad({ urls, rate, seconds: SECONDS });
  const { rssBytes } = await api.ask<Usage>({ command: 'usage' });
  await api.stop();
  await server.close();
  return { p99: percentile(latencies, 99).toFixed(1), rss: (rssBytes / 1e6).toFixed(0) };
}
