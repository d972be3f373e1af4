import { ATTR_DB_RESPONSE_STATUS_CODE } from '@opentelemetry/semantic-conventions';
import type { QueryResult, QueryResultRow } from 'pg';
import { type DatabaseLimits, DEFAULT_LIMITS } from '../config/database-limits.ts';
import { type DatabaseAddress, readDatabaseUrl } from '../config/database-url/database-address.ts';
import { runTraced } from '../observability/traced.ts';
import { createServerPool, type PooledClient } from './connect/server-pool.ts';
import { type Connection, holdConnection } from './connection.ts';
import { sqlState } from './database-errors.ts';
import type { Query, Queryable } from './query.ts';
import { createQueryTracing, type QueryTracing } from './query-tracing.ts';
import { GRACE_MS, runTransaction } from './transaction.ts';

interface TransactionOptions {
  /** Time limit of each statement in the transaction, in milliseconds; default: that of the pool. */
  readonly statementTimeoutMs?: number;
}

/** A connection of its own, besides the pool. */
export interface ApartConnection extends Connection {
  end(): Promise<void>;
}

/** The connection pool of the service. */
export interface Database extends Queryable {
  readonly limits: DatabaseLimits;
  /** Commits when `work` resolves, rolls back when it rejects. */
  transaction<T>(work: (connection: Queryable) => Promise<T>, options?: TransactionOptions): Promise<T>;
  /** Opens a connection that does not count for the pool. Rejects with `Unavailable`. Not traced. */
  openApart(): Promise<ApartConnection>;
  /** Waits for running statements; later ones reject with `Unavailable`. */
  close(): Promise<void>;
}

export interface DatabaseOptions extends Partial<DatabaseLimits> {
  /** A `DATABASE_URL`, or what the configuration makes of it. */
  readonly databaseUrl: string | DatabaseAddress;
}

/**
 * Creates the connection pool for PostgreSQL. It connects at the first query, and replaces broken connections
 * when a query needs one. Throws `UrlFault` for a wrong URL.
 */
export function createDatabase({ databaseUrl, ...options }: DatabaseOptions): Database {
  const address = typeof databaseUrl === 'string' ? readDatabaseUrl(databaseUrl) : databaseUrl;
  const limits = { ...DEFAULT_LIMITS, ...options };
  const sessionOptions = { timeoutMs: limits.statementTimeoutMs + GRACE_MS };
  const pool = createServerPool(address, limits);
  const { database } = address;
  const tracings = address.hosts.map(({ host, port }) => createQueryTracing({ host, port, database }));
  const tracingOf = (query: Query) => (tracings[pool.currentHost()] as QueryTracing)(query);

  async function borrow<T>(work: (connection: Connection) => Promise<T>): Promise<T> {
    const client = await pool.checkOut();
    const connection = holdConnection(client);
    try {
      return await work(connection);
    } finally {
      if (connection.isReadOnly()) pool.renew(client.target);
      release(client, connection);
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
    limits,

    query: <Row extends QueryResultRow>(query: Query) =>
      traceQuery(query, () => borrow((connection) => connection.run<Row>(query, sessionOptions))),

    transaction: (work, { statementTimeoutMs: statementMs } = {}) =>
      borrow((connection) =>
        runTransaction(connection, { sessionMs: limits.statementTimeoutMs, statementMs }, (runOptions) =>
          work({
            query: <Row extends QueryResultRow>(query: Query) =>
              traceQuery(query, () => connection.run<Row>(query, runOptions)),
          }),
        ),
      ),

    async openApart() {
      const client = await pool.openApart();
      return { ...holdConnection(client), end: () => client.end() };
    },

    close: pool.close,
  };
}

/** A pooler forgets a connection that ends, and can then no longer cancel its statement. */
function release(client: PooledClient, connection: Connection): void {
  const cancelling = connection.cancelling();
  if (cancelling === undefined) client.release(connection.isBroken());
  else cancelling.then(() => client.release(true));
}
