import type { QueryResultRow } from 'pg';

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
