import { ATTR_DB_RESPONSE_STATUS_CODE } from '@opentelemetry/semantic-conventions';
import { Client, Pool, type PoolClient, type QueryResultRow } from 'pg';
import { HttpError } from '../http/errors.ts';
import { offTrace } from '../observability/off-trace.ts';
import { runTraced, type Scope } from '../observability/traced.ts';
import { keepsConnection, sqlState, toHttpError } from './database-errors.ts';
import { createQueryTracing } from './query-tracing.ts';

/** One SQL statement. `summary` is low-cardinality (`SELECT activities`) and names its span. */
export interface Query {
  readonly summary: string;
  readonly text: string;
  readonly values?: readonly unknown[];
}

/** Anything that runs statements: the pool, or one connection inside a transaction. */
export interface Queryable {
  /**
   * Rejects with `Unavailable` when the database cannot be reached or is too slow, with a 400 for text that it
   * cannot store, with pg's error when the statement fails otherwise.
   */
  query<Row extends QueryResultRow>(query: Query): Promise<Row[]>;
}

export interface TransactionOptions {
  /** Time limit of each statement in it, in milliseconds; the pool's own without it. */
  readonly statementTimeoutMs?: number;
}

export interface Database extends Queryable {
  /** Commits when `work` resolves, rolls back when it rejects. */
  transaction<T>(work: (connection: Queryable) => Promise<T>, options?: TransactionOptions): Promise<T>;
  /** Rejects with `Unavailable` unless the database answers. Not traced. */
  ping(): Promise<void>;
  /** Waits for the statements under way; those that come later reject with `Unavailable`. */
  close(): Promise<void>;
}

export interface DatabaseOptions {
  readonly databaseUrl: string;
  readonly maxConnections?: number;
  /** The longest that a query waits for a connection, new or free. */
  readonly connectTimeoutMs?: number;
  /** Time limit of a statement, kept by the server; the client stops waiting a second later. */
  readonly statementTimeoutMs?: number;
}

/** The time by which the client gives the server the chance to keep its own limit. */
const GRACE_MS = 1000;

/**
 * Opens the pool of connections to PostgreSQL; nothing connects before the first query. Connections that break
 * are replaced by the next query that needs one.
 */
export function createDatabase(options: DatabaseOptions): Database {
  const { maxConnections = 10, connectTimeoutMs = 3000, statementTimeoutMs = 5000 } = options;
  const settings = {
    connectionString: options.databaseUrl,
    application_name: 'cruddur-backend',
    statement_timeout: statementTimeoutMs,
    idle_in_transaction_session_timeout: 2 * statementTimeoutMs,
    query_timeout: statementTimeoutMs + GRACE_MS,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
  };
  const pool = new Pool({
    ...settings,
    max: maxConnections,
    connectionTimeoutMillis: connectTimeoutMs,
    idleTimeoutMillis: 30_000,
    maxLifetimeSeconds: 1800,
  });
  // The next query finds out by itself; without a listener a broken connection would end the process.
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  const { host, port, database = '' } = new Client(settings);
  const tracingOf = createQueryTracing({ host, port, database });

  async function borrow<T>(work: (connection: Connection) => Promise<T>): Promise<T> {
    // A connection outlives the request that opens it, so it is not opened in that request's context.
    const client = await (pool.idleCount > 0 ? pool.connect() : offTrace(() => pool.connect()));
    const connection: Connection = { client, broken: false };
    try {
      return await work(connection);
    } finally {
      client.release(connection.broken);
    }
  }

  function traceQuery<Row extends QueryResultRow>(query: Query, work: () => Promise<Row[]>): Promise<Row[]> {
    return runTraced(tracingOf(query), (scope) => work().catch((error) => fail(error, scope)));
  }

  return {
    query: (query) => traceQuery(query, () => borrow((connection) => run(connection, query))),

    async transaction(work, { statementTimeoutMs: timeoutMs } = {}) {
      const limit = timeoutMs && timeoutMs + GRACE_MS;
      const command = (connection: Connection, text: string) => run(connection, { text }, limit);
      return borrow(async (connection) => {
        await command(connection, 'begin');
        if (timeoutMs) await command(connection, `set local statement_timeout = ${timeoutMs}`);
        try {
          const result = await work({
            query: (query) => traceQuery(query, () => run(connection, query, limit)),
          });
          await command(connection, 'commit');
          return result;
        } catch (error) {
          if (!connection.broken) await command(connection, 'rollback');
          throw error;
        }
      }).catch(fail);
    },

    ping: () => borrow((connection) => run(connection, { text: 'select 1' })).then(() => {}, fail),

    close: () => pool.end(),
  };
}

interface Connection {
  readonly client: PoolClient;
  /** Whether it is of no more use, so that the pool replaces it. */
  broken: boolean;
}

async function run<Row extends QueryResultRow>(
  connection: Connection,
  { text, values = [] }: Pick<Query, 'text' | 'values'>,
  timeoutMs?: number,
): Promise<Row[]> {
  values.forEach(refuseLoneSurrogates);
  const statement = { text, values: values as unknown[], query_timeout: timeoutMs };
  try {
    return (await connection.client.query<Row>(statement)).rows;
  } catch (error) {
    connection.broken = !keepsConnection(error);
    throw error;
  }
}

/** The driver would store U+FFFD for a lone surrogate: another text than the one given. */
function refuseLoneSurrogates(value: unknown): void {
  if (typeof value === 'string' && !value.isWellFormed()) {
    throw new HttpError(400, 'The text holds a lone surrogate, which is not a character.');
  }
}

function fail(error: unknown, scope?: Scope): never {
  const state = sqlState(error);
  if (state !== undefined) scope?.annotate({ [ATTR_DB_RESPONSE_STATUS_CODE]: state });
  throw toHttpError(error);
}
