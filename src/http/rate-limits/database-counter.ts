import { hash } from 'node:crypto';
import type { RateLimit } from '../../config/variables/values.ts';
import type { Query, Queryable } from '../../db/query.ts';
import { withoutTracing } from '../../observability/suppress-tracing.ts';
import type { Count, CountRequest } from './count.ts';
import { createRecentMap } from './recent-map.ts';
import type { UseStore } from './store-outages.ts';

/** Limited clients that are remembered, per generation (`recent-map.ts`). */
const CLIENTS = 25_000;

const KEY_BYTES = 16;

interface DatabaseCounterOptions {
  readonly database: Queryable;
  readonly useStore: UseStore;
  readonly budget: string;
  readonly limit: RateLimit;
}

/**
 * Creates a counter that all replicas share, in the table `rate_limits`. The clock is the database's. A
 * client over its limit costs no further statement until its window ends, so that a flood does not reach the
 * database, and an outage does not end the limit. The statement gets no span, because it would be one more
 * in the trace of every request.
 */
export function createDatabaseCounter(options: DatabaseCounterOptions): CountRequest {
  const { database, useStore, budget, limit } = options;
  const limitedUntil = createRecentMap<number>(CLIENTS);
  return async (client) => {
    const now = performance.now();
    const until = limitedUntil.get(client) ?? 0;
    if (until > now) return { hits: limit.requests + 1, resetsInMs: until - now };
    const query = countQuery(keyOf(budget, client), limit.windowMs);
    const [row] = await useStore(() => withoutTracing(() => database.query<CountRow>(query)));
    if (row === undefined) throw new Error('the statement returned no count');
    if (row.hits > limit.requests) limitedUntil.set(client, performance.now() + row.resets_in_ms);
    return { hits: row.hits, resetsInMs: row.resets_in_ms } satisfies Count;
  };
}

interface CountRow {
  readonly hits: number;
  readonly resets_in_ms: number;
}

/** Returns a key of fixed length. The table, which administrators and backups read, holds no address. */
function keyOf(budget: string, client: string): Buffer {
  return hash('sha256', `${budget} ${client}`, 'buffer').subarray(0, KEY_BYTES);
}

function countQuery(key: Buffer, windowMs: number): Query {
  return {
    summary: 'INSERT rate_limits',
    text: `
      insert into rate_limits as stored (key, hits, resets_at)
      values ($1, 1, now() + $2 * interval '1 millisecond')
      on conflict (key) do update set
        hits = case when stored.resets_at > now() then stored.hits + 1 else 1 end,
        resets_at = case when stored.resets_at > now() then stored.resets_at else excluded.resets_at end
      returning hits, (extract(epoch from resets_at - now()) * 1000)::double precision as resets_in_ms`,
    values: [key, windowMs],
  };
}
