import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Unavailable } from '../lib/errors.ts';
import type { Logger } from '../observability/logging/logger.ts';
import { withoutTracing } from '../observability/suppress-tracing.ts';
import type { Database } from './database.ts';
import { isOutdated } from './database-errors.ts';
import type { Queryable } from './query.ts';

const DIRECTORY = join(import.meta.dirname, 'migrations');
/** Key of the advisory lock: an arbitrary constant, the first four bytes of "cruddur". */
const LOCK = 0x63727564;
const RETRY_MS = 2000;

/**
 * Applies the missing migrations and resolves with their names, in order. Uses one transaction and a lock, so
 * several replicas may call it at once. Rejects with `Unavailable` if the database cannot be reached.
 */
export async function migrate(database: Database): Promise<string[]> {
  const { migrationTimeoutMs } = database.limits;
  try {
    return await database.transaction(applyMissing, { statementTimeoutMs: migrationTimeoutMs });
  } catch (error) {
    // Not a state that passes, as it is for a query: the migration is faulty, or the schema is missing.
    throw isOutdated(error) ? (error as Error).cause : error;
  }
}

/** Resolves with the names of all migrations, in order. */
export async function migrationNames(): Promise<string[]> {
  return (await readdir(DIRECTORY)).filter((name) => name.endsWith('.sql')).sort();
}

/**
 * Runs `migrate`, but resolves after the first attempt even if the database cannot be reached, and then
 * retries every 2 s until it can. Any other failure is fatal: the promise rejects, or a retry causes an
 * unhandled rejection. A service that is stopping gives up, since it has closed its connections itself.
 */
export async function migrateWhenReachable(
  database: Database,
  logger: Logger,
  stopping: AbortSignal,
): Promise<void> {
  const error = await tryToMigrate(database, logger);
  if (error === undefined || stopping.aborted) return;
  logger.warn('database not reachable: migrations will run as soon as it is', { error });
  retryLater(database, logger);
}

function retryLater(database: Database, logger: Logger): void {
  const retry = async () => {
    if ((await tryToMigrate(database, logger)) !== undefined) retryLater(database, logger);
  };
  withoutTracing(() => setTimeout(retry, RETRY_MS)).unref();
}

async function tryToMigrate(database: Database, logger: Logger): Promise<Unavailable | undefined> {
  try {
    const applied = await migrate(database);
    if (applied.length > 0) logger.info('database migrated', { migrations: applied });
    return undefined;
  } catch (error) {
    if (error instanceof Unavailable) return error;
    throw error;
  }
}

async function applyMissing(connection: Queryable): Promise<string[]> {
  await lockForSetup(connection);
  const applied = await appliedBefore(connection);
  const missing = (await migrationNames()).filter((name) => !applied.has(name));
  for (const name of missing) {
    await connection.query({
      summary: `MIGRATE ${name}`,
      text: await readFile(join(DIRECTORY, name), 'utf8'),
    });
    await connection.query({
      summary: 'INSERT schema_migrations',
      text: 'insert into schema_migrations (name) values ($1)',
      values: [name],
    });
  }
  return missing;
}

/** Creates the table only if it is missing, so that the service can later run as a role without CREATE. */
async function appliedBefore(connection: Queryable): Promise<Set<string>> {
  const [table] = await connection.query({
    summary: 'SELECT to_regclass',
    text: `select 1 where to_regclass('schema_migrations') is not null`,
  });
  if (table === undefined) {
    await connection.query({
      summary: 'CREATE schema_migrations',
      text: `create table schema_migrations
        (name text primary key, applied_at timestamptz not null default now())`,
    });
  }
  const rows = await connection.query<{ name: string }>({
    summary: 'SELECT schema_migrations',
    text: 'select name from schema_migrations',
  });
  return new Set(rows.map(({ name }) => name));
}

/** Locks set-up for this transaction: other callers wait until it ends. */
export async function lockForSetup(connection: Queryable): Promise<void> {
  await connection.query({
    summary: 'SELECT pg_advisory_xact_lock',
    text: 'select pg_advisory_xact_lock($1)',
    values: [LOCK],
  });
}
