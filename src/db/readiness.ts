import { HttpError, Unavailable } from '../lib/errors.ts';
import { withTimeout } from '../lib/with-timeout.ts';
import { withoutTracing } from '../observability/suppress-tracing.ts';
import type { ApartConnection, Database } from './database.ts';
import { migrationNames } from './migrations.ts';

/** Tells whether the service can serve requests. */
export interface Readiness {
  /**
   * Resolves when the database takes writes and has all migrations; rejects with `Unavailable` otherwise.
   * Answers within the time limit for connecting, from the last answer while it is new.
   */
  check(): Promise<void>;
}

interface ReadinessOptions {
  /** Minimum time between two questions to the database; default 1,000. */
  readonly intervalMs?: number;
}

const QUESTION = `
  select current_setting('transaction_read_only') as read_only, array(select name from schema_migrations) as names`;

interface DatabaseState {
  readonly read_only: string;
  readonly names: readonly string[];
}

/**
 * Creates the check of readiness. It has a connection of its own, so that it is right while all connections
 * of the pool are in use. The connection opens at the first question and closes with the database.
 */
export function createReadiness(
  database: Pick<Database, 'openApart' | 'limits'>,
  { intervalMs = 1000 }: ReadinessOptions = {},
): Readiness {
  const limitMs = database.limits.connectTimeoutMs;
  let connection: ApartConnection | undefined;
  let askedAt = Number.NEGATIVE_INFINITY;
  let asking = false;
  let answer = Promise.resolve();

  /** Uses a connection that may have been lost without notice, so its share of the time is small. */
  async function askOnOldConnection(): Promise<DatabaseState | undefined> {
    if (connection === undefined) return undefined;
    try {
      return await askOn(connection, limitMs / 3);
    } catch (error) {
      if (!connection.isBroken()) throw error;
      return undefined;
    }
  }

  async function askOn(asked: ApartConnection, timeoutMs: number): Promise<DatabaseState | undefined> {
    const { rows } = await asked.run<DatabaseState & Record<string, unknown>>(
      { text: QUESTION },
      { timeoutMs },
    );
    return rows[0];
  }

  async function reconnect(): Promise<ApartConnection> {
    disconnect();
    connection = await database.openApart();
    return connection;
  }

  function disconnect(): void {
    connection?.end().catch(() => {});
    connection = undefined;
  }

  async function ask(): Promise<void> {
    const deadline = performance.now() + limitMs;
    try {
      const state =
        (await askOnOldConnection()) ??
        (await askOn(await reconnect(), Math.max(1, deadline - performance.now())));
      // The address may lead to another server by now.
      if (state?.read_only !== 'off') disconnect();
      await judge(state);
    } catch (error) {
      if (connection?.isBroken()) disconnect();
      throw error;
    }
  }

  async function askInTime(): Promise<void> {
    asking = true;
    try {
      await withTimeout(limitMs, withoutTracing(ask));
    } catch (error) {
      throw error instanceof HttpError
        ? error
        : new Unavailable('The database does not answer in time.', error);
    } finally {
      asking = false;
    }
  }

  return {
    check() {
      const now = performance.now();
      if (!asking && now - askedAt >= intervalMs) {
        askedAt = now;
        answer = askInTime();
      }
      return answer;
    },
  };
}

async function judge(state: DatabaseState | undefined): Promise<void> {
  if (state?.read_only !== 'off') throw new Unavailable('The database is read-only.', undefined);
  const applied = new Set(state.names);
  const missing = (await migrationNames()).filter((name) => !applied.has(name));
  if (missing.length > 0) throw new Unavailable('The database schema is not up to date.', undefined);
}
