import { createDatabase } from '../../db/database.ts';
import type { EmbeddedDatabaseReady } from '../../db/embedded/main.ts';
import { migrate } from '../../db/migrations.ts';
import { seedDemoData } from '../../demo/seed.ts';
import { forkUntilReady } from './fork-until-ready.ts';

const MAIN = new URL('../../db/embedded/main.ts', import.meta.url);

export interface RunningDatabase {
  readonly url: string;
  readonly dataDir: string;
  /** Stops the database once everything is written to disk. */
  stop(): Promise<void>;
}

/**
 * Starts the embedded database in a process of its own and adds the schema and the demo data. When it exits
 * before it is ready, it has printed the reason; this process then exits with its code.
 */
export async function startDatabase(dataDir: string): Promise<RunningDatabase> {
  const child = forkUntilReady<EmbeddedDatabaseReady>(MAIN, { args: ['--data-dir', dataDir] });
  const ready = await child.ready;
  if (ready === undefined) process.exit((await child.exit) || 1);
  const { databaseUrl: url } = ready;
  const database = createDatabase({ databaseUrl: url });
  await migrate(database);
  await seedDemoData(database);
  await database.close();
  return { url, dataDir, stop: child.disconnect };
}
