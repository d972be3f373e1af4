import type { PoolClient, QueryResult, QueryResultRow } from 'pg';
import { HttpError } from '../lib/errors.ts';
import { keepsConnection, toHttpError } from './database-errors.ts';

/** One connection to PostgreSQL while somebody holds it. */
export interface Connection {
  /** Whether it is of no more use, so that the pool is to replace it. */
  readonly isBroken: () => boolean;
  /** Rejects as `Queryable.query` does. */
  run<Row extends QueryResultRow>(
    text: string,
    values?: readonly unknown[],
    timeoutMs?: number,
  ): Promise<QueryResult<Row>>;
}

/** Wraps what the pool gave, until it is given back. */
export function holdConnection(client: PoolClient): Connection {
  let broken = false;
  return {
    isBroken: () => broken,

    async run<Row extends QueryResultRow>(text: string, values: readonly unknown[] = [], timeoutMs?: number) {
      values.forEach(refuseLoneSurrogates);
      // Unnamed on the wire: poolers and the embedded database share sessions, which share names of statements.
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

/** The driver would send U+FFFD in its place: another text than the one given. */
function refuseLoneSurrogates(value: unknown): void {
  if (typeof value === 'string' && !value.isWellFormed()) {
    throw new HttpError(400, 'The text holds half of a surrogate pair, which cannot be stored.');
  }
}
