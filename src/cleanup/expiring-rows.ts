import type { Query } from '../db/query.ts';

/** One table whose rows are deleted when they have expired. */
export interface ExpiringRows {
  /** Name of the count, in the log and on the span. */
  readonly table: string;
  /**
   * Deletes one batch, the first to expire first. Parameters: the number of rows, and the time of expiry to
   * start from. Returns one `DeletedBatch`.
   */
  readonly deleteBatch: Omit<Query, 'values'>;
}

/** The result of `deleteBatch`. */
export interface DeletedBatch extends Record<string, unknown> {
  readonly deleted: number;
  /**
   * Where the next batch starts: nothing that expired earlier is left. Without it, each batch would read the
   * index entries of all rows that were deleted before, which PostgreSQL keeps until a vacuum.
   */
  readonly next_from: Date | null;
}

/**
 * Describes a table whose rows stand alone and expire at the time in `column`, which must have an index. Rows
 * that are locked are left for the next run.
 */
export function expiringTable(table: string, column = 'expires_at'): ExpiringRows {
  return {
    table,
    deleteBatch: {
      summary: `DELETE ${table}`,
      text: `
        with deleted as (
          delete from ${table}
          where ctid = any(array(
            select ctid from ${table}
            where ${column} <= now() and ${column} >= $2
            order by ${column}
            limit $1
            for update skip locked
          ))
          returning ${column} as expired_at
        )
        select count(*)::integer as deleted, min(expired_at) as next_from from deleted`,
    },
  };
}
