import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NODE_ARGUMENTS } from '../src/cli/launcher/node-arguments.ts';
import { createDatabase } from '../src/db/database.ts';
import { migrate } from '../src/db/migrations.ts';
import { seedDemoData } from '../src/demo/seed.ts';
import { startEmbeddedProcess } from '../test/helpers/database/embedded-process.ts';
import { startPostgresServer } from '../test/helpers/database/postgres-server.ts';
import { LIMITS_OFF } from '../test/helpers/limits-off.ts';
import { BenchProcess } from './bench-process.ts';
import type { ReceiversReady } from './cost/receivers.ts';
import type { ServerReady, Usage } from './serve.ts';
import { steadyLoad } from './steady-load.ts';
import { percentile, table } from './table.ts';

const ACTIVITIES = 100_000;
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
  await fill(server.url);
  const api = new BenchProcess<ServerReady>(new URL('./stored-server.ts', import.meta.url), {
    execArgv: NODE_ARGUMENTS,
    env: { DATABASE_URL: server.url, ...LIMITS_OFF, ...sinks },
  });
  const { port } = await api.ready;
  const url = `http://127.0.0.1:${port}/api/activities/home`;
  await steadyLoad({ url, rate, seconds: WARM_UP_SECONDS });
  const latencies = await steadyLoad({ url, rate, seconds: SECONDS });
  const { rssBytes } = await api.ask<Usage>({ command: 'usage' });
  await api.stop();
  await server.close();
  return { p99: percentile(latencies, 99).toFixed(1), rss: (rssBytes / 1e6).toFixed(0) };
}

async function fill(databaseUrl: string): Promise<void> {
  const database = createDatabase({ databaseUrl, statementTimeoutMs: 120_000 });
  await migrate(database);
  await seedDemoData(database);
  await database.query({
    summary: 'INSERT activities',
    text: `insert into activities (uuid, user_uuid, message, created_at, expires_at)
      select gen_random_uuid(), (select uuid from users where handle = 'worf'), 'Activity number ' || n,
        date_trunc('milliseconds', now() - n * interval '1 second'), now() + interval '30 days'
      from generate_series(1, ${ACTIVITIES}) n`,
  });
  await database.query({ summary: 'VACUUM', text: 'vacuum analyze' });
  await database.close();
}
