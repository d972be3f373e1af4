import type { Client } from 'pg';
import { until } from '../until.ts';

/**
 * Resolves when exactly `count` statements of the database wait for a lock. `admin` may be in a transaction,
 * in which PostgreSQL would show it the same activity again and again.
 */
export function untilWaitingForLocks(admin: Client, count: number): Promise<unknown> {
  return until(async () => {
    await admin.query('select pg_stat_clear_snapshot()');
    const { rowCount } = await admin.query(
      `select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`,
    );
    return rowCount === count;
  });
}
