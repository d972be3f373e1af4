import { DELETE_EXPIRED_ACTIVITIES } from '../activities/sql/expired-activities.ts';
import type { AppContext } from '../context.ts';
import { attrAppDeleted } from '../observability/attributes.ts';
import { recordRootSpan } from '../observability/root-span.ts';
import { withoutTracing } from '../observability/suppress-tracing.ts';
import { type DeletedCounts, deleteExpired } from './delete-expired.ts';
import { type ExpiringRows, expiringTable } from './expiring-rows.ts';

/** Everything that ages, in the order of deletion: a notification refers to its activity. */
const TABLES: readonly ExpiringRows[] = [
  expiringTable('notifications'),
  { table: 'activities', deleteBatch: DELETE_EXPIRED_ACTIVITIES },
  expiringTable('idempotency_keys'),
  expiringTable('rate_limits', 'resets_at'),
];

interface Cleanup {
  readonly name: string;
  /** Runs at each interval from now on. Does not keep the process alive. */
  start(): void;
  /** Ends the run in progress after its current batch. No run begins later. */
  drain(): Promise<void>;
}

/**
 * Creates the regular deletion of expired rows. A run that deletes something writes one log line and one
 * span, in a trace of its own. A run that fails writes a warning, and the next run tries again.
 */
export function createCleanup({
  config: { cleanupIntervalMs },
  database,
  logger,
}: Pick<AppContext, 'config' | 'database' | 'logger'>): Cleanup {
  const stopping = new AbortController();
  let running = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;

  function start(): void {
    if (stopping.signal.aborted) return;
    const next = () => {
      running = run().then(start);
    };
    timer = withoutTracing(() => setTimeout(next, cleanupIntervalMs)).unref();
  }

  async function run(): Promise<void> {
    const startedAt = Date.now();
    const counts: DeletedCounts = {};
    let failure: { readonly error: unknown } | undefined;
    try {
      await deleteExpired({ database, tables: TABLES, counts, signal: stopping.signal });
    } catch (error) {
      failure = { error };
    }
    report(startedAt, counts, failure);
  }

  function report(startedAt: number, counts: DeletedCounts, failure?: { readonly error: unknown }): void {
    if (failure !== undefined) {
      logger.warn(`cannot delete expired rows: next attempt in ${cleanupIntervalMs} ms`, failure);
    }
    const deleted = Object.entries(counts);
    if (deleted.length === 0) return;
    const fields = Object.fromEntries(deleted.map(([table, rows]) => [`deleted_${table}`, rows]));
    logger.info('deleted expired rows', { ...fields, duration_ms: Date.now() - startedAt });
    const attributes = Object.fromEntries(deleted.map(([table, rows]) => [attrAppDeleted(table), rows]));
    recordRootSpan('delete-expired', { startedAt, attributes, ...failure });
  }

  return {
    name: 'cleanup',
    start,
    async drain() {
      stopping.abort();
      clearTimeout(timer);
      await running;
    },
  };
}
