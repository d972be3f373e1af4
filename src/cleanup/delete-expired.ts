import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '../db/database.ts';
import type { Queryable } from '../db/query.ts';
import type { DeletedBatch, ExpiringRows } from './expiring-rows.ts';

/** Key of the advisory lock: an arbitrary constant, the last four bytes of "cruddur", plus one. */
const LOCK = 0x64647573;
/** Rows per statement, so that its locks are short. */
const BATCH_ROWS = 200;

/** The number of deleted rows per table; tables without any are absent. */
export type DeletedCounts = Record<string, number>;

interface Run {
  readonly database: Database;
  readonly tables: readonly ExpiringRows[];
  /** Counts the deleted rows, also those before a failure. */
  readonly counts: DeletedCounts;
  /** Ends the run after the batch in flight. */
  readonly signal: AbortSignal;
}

/**
 * Deletes everything that has expired, in batches of one transaction each. The advisory lock of a transaction
 * also works behind a pooler. Returns early while another replica deletes. Between two batches it waits for
 * as long as the last one took, so that requests have at least half of the database's time.
 */
export async function deleteExpired({ database, tables, counts, signal }: Run): Promise<void> {
  for (const { table, deleteBatch } of tables) {
    let from: unknown = '-infinity';
    while (!signal.aborted) {
      const start = performance.now();
      const batch = await database.transaction(async (connection) => {
        if (!(await lock(connection))) return undefined;
        const [row] = await connection.query<DeletedBatch>({ ...deleteBatch, values: [BATCH_ROWS, from] });
        return row;
      });
      if (batch === undefined) return;
      if (batch.deleted === 0) break;
      counts[table] = (counts[table] ?? 0) + batch.deleted;
      from = batch.next_from;
      await sleep(performance.now() - start, undefined, { signal }).catch(() => {});
    }
  }
}

async function lock(connection: Queryable): Promise<boolean> {
  const [row] = await connection.query<{ locked: boolean }>({
    summary: 'SELECT pg_try_advisory_xact_lock',
    text: 'select pg_try_advisory_xact_lock($1) as locked',
    values: [LOCK],
  });
  return row?.locked === true;
}
