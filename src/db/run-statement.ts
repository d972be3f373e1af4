import type { ClientBase, QueryConfig, QueryResult, QueryResultRow } from 'pg';

/** No answer arrived within the client's time limit. */
export class StatementTimeout extends Error {
  override readonly name = 'StatementTimeout';
}

/**
 * Runs a statement. Rejects with the driver's error, or with `StatementTimeout` if no answer arrives within
 * `timeoutMs`; the connection still waits for the answer then, and must be closed.
 *
 * The driver's promises and its `query_timeout` would do the same, but both assign a function literal to a
 * property (`query.callback = ...`). V8 allocates such a function in the old generation, where, long dead, it
 * keeps the rows and the span of its request alive until a full collection.
 */
export async function runStatement<Row extends QueryResultRow>(
  client: ClientBase,
  statement: QueryConfig,
  timeoutMs: number,
): Promise<QueryResult<Row>> {
  try {
    return await new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new StatementTimeout(`no answer within ${timeoutMs} ms`)),
        timeoutMs,
      );
      client.query<Row>(statement, (error, result) => {
        clearTimeout(timer);
        if (error) reject(error);
        else resolve(result);
      });
    });
  } catch (error) {
    // The driver's stack starts at its socket; this one leads to the caller.
    if (error instanceof Error) Error.captureStackTrace(error);
    throw error;
  }
}
