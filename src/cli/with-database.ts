import { orExit, readConfig } from '../config/config.ts';
import { loadEnvironment } from '../config/loading/load-environment.ts';
import { createDatabase, type Database } from '../db/database.ts';
import { describeError } from '../lib/describe-error.ts';
import { createScrubber } from '../lib/scrub/scrub.ts';
import { endProcess, waitsForName } from '../lifecycle/end-process.ts';

/**
 * Runs a command on the database of `DATABASE_URL` and prints the line it resolves with. A failure is one
 * line on stderr and exit code 1; an invalid configuration exits with 78.
 */
export async function withDatabase(command: (database: Database) => Promise<string>): Promise<void> {
  loadEnvironment();
  const config = orExit(readConfig);
  const database = createDatabase({ databaseUrl: config.database, ...config.databaseLimits });
  try {
    process.stdout.write(`${await command(database)}\n`);
  } catch (error) {
    const { cause } = error as Error;
    const scrub = createScrubber(config.secrets());
    const lines = [error, cause].filter(Boolean).map((failure) => describeError(failure, scrub));
    process.stderr.write(`${lines.join(' ')}\n`);
    process.exitCode = 1;
  } finally {
    await database.close();
  }
  // The connection's time limit has passed, but not the resolver's.
  if (waitsForName()) endProcess();
}
