import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createDatabase } from '../db/database.ts';
import type { EmbeddedDatabaseReady } from '../db/embedded.ts';
import { migrate } from '../db/migrations.ts';
import { seedDemoData } from '../db/seed.ts';

export interface RunningDatabase {
  readonly url: string;
  readonly dataDir: string;
  /** Ends the process when it has written everything. */
  stop(): Promise<void>;
}

/**
 * Starts the embedded database in a process of its own, with the schema and the demo data. Rejects when it ends before it
 * is ready; it has then said why itself.
 */
export async function startDatabase(dataDir: string): Promise<RunningDatabase> {
  const child = fork(new URL('../db/embedded.ts', import.meta.url), ['--data-dir', dataDir]);
  const exit = once(child, 'exit');
  const url = await Promise.race([
    once(child, 'message').then(([ready]) => (ready as EmbeddedDatabaseReady).databaseUrl),
    exit.then(() => process.exit(1)),
  ]);
  const database = createDatabase({ databaseUrl: url });
  await migrate(database);
  await seedDemoData(database);
  await database.close();
  return {
    url,
    dataDir,
    async stop() {
      child.disconnect();
      await exit;
    },
  };
}
