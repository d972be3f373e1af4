import type { QueryResultRow } from 'pg';

/** One SQL statement. `summary` is the name of its span, such as `SELECT activities`, of low cardinality. */
export interface Query {
  readonly summary: string;
  readonly text: string;
  readonly values?: readonly unknown[];
}

/** Runs statements: the pool, or one connection inside a transaction. */
export interface Queryable {
  /**
   * Resolves with the rows. Rejects with `Unavailable` if the database is unreachable or too slow, with a 400
   * for a text that it cannot store, and with pg's error for any other failure.
   */
  query<Row extends QueryResultRow>(query: Query): Promise<Row[]>;
}
