import { NODE_ARGUMENTS } from '../src/cli/launcher/node-arguments.ts';
import { createDatabase } from '../src/db/database.ts';
import { migrate } from '../src/db/migrations.ts';
import { seedDemoData } from '../src/demo/seed.ts';
import { LIMITS_OFF } from '../test/helpers/limits-off.ts';
import { BenchProcess } from './bench-process.ts';
import type { ServerReady } from './serve.ts';

const ACTIVITIES = 100_000;

/**
 * Fills the database, and starts the service as `npm run api` does. `sinks` are the variables of the systems.
 */
export async function startStoredServer(
  databaseUrl: string,
  sinks: Record<string, string>,
): Promise<{ api: BenchProcess<ServerReady>; origin: string }> {
  await fill(databaseUrl);
  const api = new BenchProcess<ServerReady>(new URL('./stored-server.ts', import.meta.url), {
    execArgv: NODE_ARGUMENTS,
    env: { DATABASE_URL: databaseUrl, ...LIMITS_OFF, ...sinks },
  });
  const { port } = await api.ready;
  return { api, origin: `http://127.0.0.1:${port}` };
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
