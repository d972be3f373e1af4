import type { QueryResultRow } from 'pg';

/** One SQL statement. `summary` is low-cardinality (`SELECT activities`) and names its span. */
export interface Query {
  readonly summary: string;
  readonly text: string;
  readonly values?: readonly unknown[];
}

/** Anything that runs statements: the pool, or one connection inside a transaction. */
export interface Queryable {
  /** Rejects with `Unavailable` when the database cannot be reached, with pg's error when the statement fails. */
  query<Row extends QueryResultRow>(query: Query): Promise<Row[]>;
}

export interface Database extends Queryable {
  /** Commits when `work` resolves, rolls back when it rejects. */
  transaction<T>(work: (connection: Queryable) => Promise<T>): Promise<T>;
  /** Rejects unless the database answers. Not traced. */
  ping(): Promise<void>;
  close(): Promise<void>;
}
