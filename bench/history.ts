import { NODE_ARGUMENTS } from '../src/cli/launcher/node-arguments.ts';
import { startPostgresServer } from '../test/helpers/database/postgres-server.ts';
import { BenchProcess } from './bench-process.ts';
import { addHistory, createStored, EXPIRED_MENTIONS, EXPIRED_POSTS, type Stored } from './history-data.ts';
import { steadyLoad } from './load/steady-load.ts';
import type { ServerReady } from './serve.ts';
import { percentile, table } from './table.ts';

const ROUNDS = 8;
const RATE = 100;
const SECONDS = 4;
const BUDGET = 1.5;

const NO_LIMITS = { RATE_LIMIT_READS: 'off', RATE_LIMIT_SEARCH: 'off', RATE_LIMIT_WRITES: 'off' };
const NEVER = '86400000';

const LISTS = { home: '/api/activities/home', notifications: '/api/activities/notifications' };

/**
 * Measures two lists with a long history of expired rows against the same lists without one, and then the
 * deletion of that history.
 */
export async function measureHistory(): Promise<string> {
  const postgres = await startPostgresServer();
  const empty = await createStored(postgres.url, 'empty');
  const history = await createStored(postgres.url, 'history');
  await addHistory(history.database);
  try {
    const lists = await compare(empty.url, history.url);
    const deletion = await measureDeletion(history);
    return `${lists}\n${deletion}`;
  } finally {
    await Promise.all([empty.database.close(), history.database.close()]);
    await postgres.close();
  }
}

async function compare(emptyUrl: string, historyUrl: string): Promise<string> {
  const servers = { empty: await serve(emptyUrl, NEVER), history: await serve(historyUrl, NEVER) };
  const rows: string[][] = [];
  for (const [name, path] of Object.entries(LISTS)) {
    const latencies = { empty: [] as number[], history: [] as number[] };
    for (let round = 0; round <= ROUNDS; round += 1) {
      for (const side of round % 2 === 0
        ? (['empty', 'history'] as const)
        : (['history', 'empty'] as const)) {
        const measured = await steadyLoad({
          urls: [servers[side].origin + path],
          rate: RATE,
          seconds: SECONDS,
        });
        // The first round warms up.
        if (round > 0) latencies[side].push(...measured);
      }
    }
    const [before, after] = [percentile(latencies.empty, 99), percentile(latencies.history, 99)];
    rows.push([name, before.toFixed(1), after.toFixed(1), (after / before).toFixed(2), String(BUDGET)]);
  }
  await Promise.all([servers.empty.stop(), servers.history.stop()]);
  return table(['p99 ms', 'empty history', 'with history', 'ratio', 'budget'], rows);
}

async function measureDeletion({ url, database }: Stored): Promise<string> {
  const server = await serve(url, '1000');
  const start = performance.now();
  const latencies: number[] = [];
  let left = Number.POSITIVE_INFINITY;
  while (left > 0) {
    latencies.push(
      ...(await steadyLoad({ urls: [server.origin + LISTS.home], rate: RATE, seconds: SECONDS })),
    );
    const [row] = await database.query<{ left: number }>({
      summary: 'SELECT activities',
      text: 'select count(*)::integer as left from activities where expires_at <= now()',
    });
    left = row?.left ?? 0;
  }
  const seconds = (performance.now() - start) / 1000;
  await server.stop();
  return table(
    ['deletion', 'seconds', 'rows/s', 'p99 ms of home meanwhile'],
    [
      [
        `${EXPIRED_POSTS} posts, ${EXPIRED_MENTIONS} mentions`,
        seconds.toFixed(0),
        ((EXPIRED_POSTS + EXPIRED_MENTIONS) / seconds).toFixed(0),
        percentile(latencies, 99).toFixed(1),
      ],
    ],
  );
}

async function serve(databaseUrl: string, cleanupIntervalMs: string) {
  const api = new BenchProcess<ServerReady>(new URL('./stored-server.ts', import.meta.url), {
    execArgv: NODE_ARGUMENTS,
    env: { DATABASE_URL: databaseUrl, CLEANUP_INTERVAL_MS: cleanupIntervalMs, ...NO_LIMITS },
  });
  const { port } = await api.ready;
  return { origin: `http://127.0.0.1:${port}`, stop: () => api.stop() };
}
