import type { QueryResult, QueryResultRow } from 'pg';
import { HttpError, Unavailable } from '../lib/errors.ts';
import { cancelStatement } from './connect/cancel-statement.ts';
import type { ServerClient } from './connect/server-client.ts';
import { isReadOnly, keepsConnection, toStatementError } from './database-errors.ts';
import type { Query } from './query.ts';
import { runStatement, StatementTimeout } from './run-statement.ts';

export interface RunOptions {
  /** The client's time limit. */
  readonly timeoutMs: number;
  /** Whether the statement has no effect when its connection fails: it is inside a transaction. */
  readonly rollsBack?: boolean;
}

/** A PostgreSQL connection while one piece of work has it. */
export interface Connection {
  /** Whether the connection is unusable, so that the pool must replace it. */
  readonly isBroken: () => boolean;
  /** Whether the server rejected a statement because it is read-only. */
  readonly isReadOnly: () => boolean;
  /** Settles when a statement that ran into the client's time limit is cancelled; undefined without one. */
  readonly cancelling: () => Promise<void> | undefined;
  /** Rejects as `Queryable.query` does. */
  run<Row extends QueryResultRow>(
    query: Pick<Query, 'text' | 'values'>,
    options: RunOptions,
  ): Promise<QueryResult<Row>>;
}

/** Wraps a client for the duration of one checkout. */
export function holdConnection(client: ServerClient): Connection {
  let broken = false;
  let readOnly = false;
  let cancelling: Promise<void> | undefined;
  return {
    isBroken: () => broken || client.lost,
    isReadOnly: () => readOnly,
    cancelling: () => cancelling,

    async run<Row extends QueryResultRow>(
      { text, values = [] }: Pick<Query, 'text' | 'values'>,
      { timeoutMs, rollsBack = false }: RunOptions,
    ) {
      values.forEach(rejectLoneSurrogates);
      // Nothing is sent, so the outcome is known.
      if (client.lost) throw new Unavailable('The connection to the database was lost.', undefined);
      // Unnamed: poolers and the embedded database share sessions, so statement names would collide.
      const statement = { text, values: values as unknown[] };
      try {
        return await runStatement<Row>(client, statement, timeoutMs);
      } catch (error) {
        broken = !keepsConnection(error);
        readOnly ||= isReadOnly(error);
        if (error instanceof StatementTimeout) cancelling = cancelStatement(client);
        throw toStatementError(error, { rollsBack });
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
