import { ATTR_DB_RESPONSE_STATUS_CODE } from '@opentelemetry/semantic-conventions';
import { Client, Pool, type QueryResult, type QueryResultRow } from 'pg';
import { withoutTracing } from '../observability/suppress-tracing.ts';
import { runTraced } from '../observability/traced.ts';
import { type Connection, holdConnection } from './connection.ts';
import { sqlState, toHttpError } from './database-errors.ts';
import type { Query, Queryable } from './query.ts';
import { createQueryTracing } from './query-tracing.ts';

interface TransactionOptions {
  /** Time limit of each statement in the transaction, in milliseconds; default: that of the pool. */
  readonly statementTimeoutMs?: number;
}

/** The connection pool of the service. */
export interface Database extends Queryable {
  /** Commits when `work` resolves, rolls back when it rejects. */
  transaction<T>(work: (connection: Queryable) => Promise<T>, options?: TransactionOptions): Promise<T>;
  /** Rejects with `Unavailable` if the database does not answer. Not traced. */
  ping(): Promise<void>;
  /** Waits for running statements; later ones reject with `Unavailable`. */
  close(): Promise<void>;
}

export interface DatabaseOptions {
  readonly databaseUrl: string;
  /** Default 10. */
  readonly maxConnections?: number;
  /** Maximum time a query waits for a connection; default 3,000. */
  readonly connectTimeoutMs?: number;
  /** Time limit of a statement, enforced by the server; the client waits a second longer. Default 5,000. */
  readonly statementTimeoutMs?: number;
}

/** How much longer the client waits, so that the server's time limit normally takes effect first. */
const GRACE_MS = 1000;

/**
 * Creates the connection pool for PostgreSQL. It connects at the first query, and replaces broken connections
 * when a query needs one.
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
  // An 'error' event without a listener would end the process. The next query replaces the connection.
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  const { host, port, database = '' } = new Client(settings);
  const tracingOf = createQueryTracing({ host, port, database });

  async function borrow<T>(work: (connection: Connection) => Promise<T>): Promise<T> {
    // A connection outlives the request that opens it, so its set-up is kept out of that request's trace.
    const client = await (pool.idleCount > 0 ? pool.connect() : withoutTracing(() => pool.connect())).catch(
      throwHttpError,
    );
    const connection = holdConnection(client);
    try {
      return await work(connection);
    } finally {
      client.release(connection.isBroken());
    }
  }

  function traceQuery<Row extends QueryResultRow>(
    query: Query,
    work: () => Promise<QueryResult<Row>>,
  ): Promise<Row[]> {
    return runTraced(tracingOf(query), async (span) => {
      try {
        return (await work()).rows;
      } catch (error) {
        const state = sqlState(error);
        if (state !== undefined) span.setAttributes({ [ATTR_DB_RESPONSE_STATUS_CODE]: state });
        throw error;
      }
    });
  }

  return {
    query: <Row extends QueryResultRow>(query: Query) =>
      traceQuery(query, () => borrow((connection) => connection.run<Row>(query.text, query.values))),

    transaction: (work, { statementTimeoutMs: limitMs } = {}) =>
      borrow((connection) =>
        runTransaction(connection, limitMs, (timeoutMs) =>
          work({
            query: <Row extends QueryResultRow>(query: Query) =>
              traceQuery(query, () => connection.run<Row>(query.text, query.values, timeoutMs)),
          }),
        ),
      ),

    ping: () => borrow((connection) => connection.run('select 1')).then(() => {}),

    close: () => pool.end(),
  };
}

async function runTransaction<T>(
  connection: Connection,
  limitMs: number | undefined,
  work: (timeoutMs: number | undefined) => Promise<T>,
): Promise<T> {
  await connection.run('begin');
  try {
    if (limitMs !== undefined) await connection.run(`set local statement_timeout = ${limitMs}`);
    const result = await work(limitMs && limitMs + GRACE_MS);
    // If a statement failed and `work` ignored it, PostgreSQL rolls back without an error.
    const { command } = await connection.run('commit');
    if (command === 'ROLLBACK') throw new Error('rolled back: a statement of the transaction failed');
    return result;
  } catch (error) {
    if (!connection.isBroken()) await connection.run('rollback').catch(() => {});
    throw error;
  }
}

function throwHttpError(error: unknown): never {
  throw toHttpError(error);
}
