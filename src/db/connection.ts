import type { PoolClient, QueryResult, QueryResultRow } from 'pg';
import { HttpError } from '../lib/errors.ts';
import { keepsConnection, toHttpError } from './database-errors.ts';

/** A PostgreSQL connection while it is checked out of the pool. */
export interface Connection {
  /** Whether the connection is unusable, so that the pool must replace it. */
  readonly isBroken: () => boolean;
  /** Rejects as `Queryable.query` does. */
  run<Row extends QueryResultRow>(
    text: string,
    values?: readonly unknown[],
    timeoutMs?: number,
  ): Promise<QueryResult<Row>>;
}

/** Wraps a pool client for the duration of one checkout. */
export function holdConnection(client: PoolClient): Connection {
  let broken = false;
  return {
    isBroken: () => broken,

    async run<Row extends QueryResultRow>(text: string, values: readonly unknown[] = [], timeoutMs?: number) {
      values.forEach(rejectLoneSurrogates);
      // Unnamed: poolers and the embedded database share sessions, so statement names would collide.
      const statement = { text, values: values as unknown[], query_timeout: timeoutMs };
      try {
        return await client.query<Row>(statement);
      } catch (error) {
        broken = !keepsConnection(error);
        throw toHttpError(error);
      }
    },
  };
}

/** Throws a 400 for a lone surrogate, which the driver would silently replace with U+FFFD. */
function rejectLoneSurrogates(value: unknown): void {
  if (typeof value === 'string' && !value.isWellFormed()) {
    throw new HttpError(400, 'The text contains a lone surrogate, which cannot be stored.');
  }
}
