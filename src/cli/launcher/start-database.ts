import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createDatabase } from '../../db/database.ts';
import type { EmbeddedDatabaseReady } from '../../db/embedded/main.ts';
import { migrate } from '../../db/migrations.ts';
import { seedDemoData } from '../../demo/seed.ts';

export interface RunningDatabase {
  readonly url: string;
  readonly dataDir: string;
  /** Ends the process when it has written everything. */
  stop(): Promise<void>;
}

/**
 * Starts the embedded database in a process of its own, with the schema and the demo data. When it ends before it is
 * ready it has said why itself, and this process ends with 1.
 */
export async function startDatabase(dataDir: string): Promise<RunningDatabase> {
  const child = fork(new URL('../../db/embedded/main.ts', import.meta.url), ['--data-dir', dataDir]);
  const exit = once(child, 'exit');
  const first = await Promise.race([once(child, 'message'), exit.then(() => undefined)]);
  if (first === undefined) process.exit(1);
  const [{ databaseUrl: url }] = first as [EmbeddedDatabaseReady];
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
