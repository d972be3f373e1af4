import { NODE_ARGUMENTS } from '../../src/cli/launcher/node-arguments.ts';
import { createDatabase } from '../../src/db/database.ts';
import { migrate } from '../../src/db/migrations.ts';
import { seedDemoData } from '../../src/demo/seed.ts';
import { startPostgresServer } from '../../test/helpers/database/postgres-server.ts';
import { LIMITS_OFF } from '../../test/helpers/limits-off.ts';
import { BenchProcess } from '../bench-process.ts';
import type { ReceiversReady } from '../cost/receivers.ts';
import type { ServerReady, Usage } from '../serve.ts';
import { percentile, table, withBudget } from '../table.ts';
import { browse, type Experience } from './honest-client.ts';
import type { StrangerOrder, StrangerResult } from './stranger.ts';

const WARM_UP_SECONDS = 5;
const USUAL_SECONDS = 20;
const RSS_BUDGET_MB = 250;
const P99_BUDGET = 5;
/** Of the process, as in a small container: what the service takes must not end the machine. */
const HEAP_MB = 512;

const SERVER_CORE = 0;
const LOAD_CORE = 1;

interface Outcome {
  readonly alive: boolean;
  readonly peakRssBytes: number;
  readonly usual: Experience;
  readonly attacked: Experience;
  readonly stranger: StrangerResult;
}

/**
 * Measures what one stranger does to an honest client, with the default limits and without any: it stores
 * replies of 4 kB and reads the home feed on eight connections as fast as it can, for `seconds`.
 */
export async function measureAbuse(seconds: number): Promise<string> {
  const receivers = new BenchProcess<ReceiversReady>(new URL('../cost/receivers.ts', import.meta.url), {
    core: LOAD_CORE,
  });
  const { ruleSampling: sinks } = await receivers.ready;
  const limited = await attackService(sinks, seconds);
  const unlimited = await attackService({ ...sinks, ...LIMITS_OFF }, seconds);
  await receivers.stop();
  return table(
    ['', 'alive', 'peak RSS MB', 'usual p99 ms', 'p99 ms', '× usual', '5xx', 'other failures', 'stranger'],
    [row('default limits', limited), row('limits off', unlimited)],
  );
}

async function attackService(env: Record<string, string>, seconds: number): Promise<Outcome> {
  const postgres = await startPostgresServer();
  const stranger = new BenchProcess(new URL('./stranger.ts', import.meta.url), { core: LOAD_CORE });
  try {
    await createSchema(postgres.url);
    const api = new BenchProcess<ServerReady>(new URL('../stored-server.ts', import.meta.url), {
      core: SERVER_CORE,
      execArgv: [...NODE_ARGUMENTS, `--max-old-space-size=${HEAP_MB}`],
      env: { DATABASE_URL: postgres.url, ...env },
    });
    const url = `http://127.0.0.1:${(await api.ready).port}`;
    await stranger.ready;
    await browse(url, WARM_UP_SECONDS);
    const usual = await browse(url, USUAL_SECONDS);
    const order: StrangerOrder = { command: 'attack', url, seconds };
    const [result, attacked, peakRssBytes] = await Promise.all([
      stranger.ask<StrangerResult>(order),
      browse(url, seconds),
      watchMemory(api, seconds),
    ]);
    const alive = api.alive;
    if (alive) await api.stop();
    return { alive, peakRssBytes, usual, attacked, stranger: result };
  } finally {
    await stranger.stop();
    await postgres.close();
  }
}

/** Resolves with the peak, or with that before the process ended. */
async function watchMemory(api: BenchProcess<unknown>, seconds: number): Promise<number> {
  const end = performance.now() + seconds * 1000;
  let peak = 0;
  while (api.alive && performance.now() < end) {
    const usage = await api.ask<Usage>({ command: 'usage' }).catch(() => undefined);
    peak = Math.max(peak, usage?.peakRssBytes ?? 0);
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  return peak;
}

async function createSchema(databaseUrl: string): Promise<void> {
  const database = createDatabase({ databaseUrl });
  await migrate(database);
  await seedDemoData(database);
  await database.close();
}

function row(name: string, { alive, peakRssBytes, usual, attacked, stranger }: Outcome): string[] {
  const usualP99 = percentile(usual.latencies, 99);
  const p99 = percentile(attacked.latencies, 99);
  const rssMb = peakRssBytes / 1e6;
  return [
    name,
    alive ? 'yes' : 'no (missed)',
    withBudget(rssMb, 0, RSS_BUDGET_MB),
    usualP99.toFixed(1),
    p99.toFixed(1),
    withBudget(p99 / usualP99, 1, P99_BUDGET),
    String(attacked.serverErrors),
    String(attacked.otherFailures),
    `writes ${describe(stranger.writes)}; reads ${describe(stranger.reads)}`,
  ];
}

function describe(counts: Readonly<Record<number, number>>): string {
  return Object.entries(counts)
    .map(([status, count]) => `${count} × ${status === '0' ? 'no answer' : status}`)
    .join(', ');
}
