import { beforeAll, describe, expect, it } from 'vitest';
import { createActivityStore } from '../../src/activities/store.ts';
import { TTL_MS } from '../../src/activities/ttl.ts';
import type { Database } from '../../src/db/database.ts';
import type { Query } from '../../src/db/query.ts';
import { createNotificationStore } from '../../src/notifications/store.ts';
import { useDatabase } from '../helpers/database/databases.ts';

const EXPIRED = 20_000;
/** Blocks of 8 kB: the deeper trees of larger indexes, and rows that expired since the last deletion. */
const MORE_BLOCKS = 100;

const firstPage = { limit: 20, before: undefined };

interface Plan {
  readonly 'Shared Hit Blocks': number;
  readonly 'Shared Read Blocks': number;
}

/** Returns a database that explains each query instead, and keeps the number of blocks that it reads. */
function explaining({ query }: Database, blocks: number[]): Database {
  const explain = async ({ text, ...rest }: Query) => {
    const [row] = await query<{ 'QUERY PLAN': [{ Plan: Plan }] }>({
      ...rest,
      text: `explain (analyze, buffers, format json) ${text}`,
    });
    const plan = row?.['QUERY PLAN'][0].Plan;
    blocks.push((plan?.['Shared Hit Blocks'] ?? Number.NaN) + (plan?.['Shared Read Blocks'] ?? Number.NaN));
    return [];
  };
  return { query: explain } as unknown as Database;
}

describe('with 20,000 expired activities', () => {
  const db = useDatabase('postgres');
  const before: Record<string, number> = {};
  const after: Record<string, number> = {};

  async function measure(into: Record<string, number>): Promise<void> {
    const blocks: number[] = [];
    const database = explaining(db.database, blocks);
    const activities = createActivityStore(database);
    await activities.home(firstPage);
    await activities.byHandle('worf', firstPage);
    await createNotificationStore(database).forHandle('andrewbrown', firstPage);
    ['home', 'a user', 'notifications'].forEach((list, index) => {
      into[list] = blocks[index] ?? Number.NaN;
    });
  }

  /**
   * Posts of worf that mention andrewbrown, with the lifetimes of the API in turn. Without checking foreign
   * keys, which takes half a minute with the query plans of an empty table.
   */
  const post = (count: number, createdAt: string) =>
    db.database.transaction(
      async (connection) => {
        await connection.query({ summary: 'SET', text: 'set local session_replication_role = replica' });
        await connection.query({
          summary: 'INSERT activities',
          text: `
        with posts as (
          insert into activities (user_uuid, message, created_at, expires_at)
          select u.uuid, '@andrewbrown', t.at, t.at + ttl.ms * interval '1 ms'
          from users u, generate_series(1, ${count}) n
          join (select ms::float8, row_number() over () as number
            from unnest('{${Object.values(TTL_MS)}}'::float8[]) ms) ttl on ttl.number = 1 + n % 7
          cross join lateral (select date_trunc('milliseconds', ${createdAt}) as at) t
          where u.handle = 'worf'
          returning *
        )
        insert into notifications (user_uuid, activity_uuid, created_at, expires_at)
        select u.uuid, p.uuid, p.created_at, p.expires_at
        from posts p, users u where u.handle = 'andrewbrown'`,
        });
      },
      { statementTimeoutMs: 60_000 },
    );

  beforeAll(async () => {
    await post(70, `now() - n * interval '1 s'`);
    await measure(before);
    // The newest of each lifetime expired a minute ago.
    await post(EXPIRED, `now() - ttl.ms * interval '1 ms' - interval '1 min' - n * interval '1 s'`);
    await measure(after);
  });

  it.each(['home', 'a user', 'notifications'])('the list of %s reads no more of them', (list) => {
    expect(before[list]).toBeGreaterThan(0);
    expect(after[list]).toBeLessThan((before[list] ?? 0) + MORE_BLOCKS);
  });

  it.each(['home', 'a user', 'notifications'])(
    'the list of %s reads no more of them with statistics',
    async (list) => {
      await db.database.query({ summary: 'ANALYZE', text: 'analyze' });
      await measure(after);
      expect(after[list]).toBeLessThan((before[list] ?? 0) + MORE_BLOCKS);
    },
  );

  it('the lists are whole', async () => {
    const read = async (list: (page: typeof firstPage) => Promise<{ rows: unknown[] } | undefined>) =>
      (await list({ limit: 100, before: undefined }))?.rows.length;
    const activities = createActivityStore(db.database);
    expect(await read((page) => activities.byHandle('worf', page))).toBe(71);
    const { rows } = await createNotificationStore(db.database).forHandle('andrewbrown', { limit: 100 });
    expect(rows.length).toBe(72);
  });
});

describe('the classes of lifetimes', () => {
  const db = useDatabase('postgres');
  const classOf = async (lifetime: string) => {
    const text = `select lifetime_class(now(), now() + ${lifetime}) as class`;
    return (await db.database.query<{ class: number }>({ summary: 'SELECT', text }))[0]?.class;
  };

  it.each(Object.values(TTL_MS))('are the lifetimes of the API: %i ms', async (ms) => {
    expect(await classOf(`interval '${ms} ms'`)).toBe(ms / 3_600_000);
    expect(await classOf(`interval '${ms - 1} ms'`)).toBe(ms / 3_600_000);
    expect(await classOf(`interval '${ms + 1} ms'`)).toBeGreaterThan(ms / 3_600_000);
  });

  it('have one more for rows that live longer, or forever', async () => {
    expect(await classOf(`interval '30 days 1 ms'`)).toBe(32_767);
    expect(await classOf('null')).toBe(32_767);
  });
});
