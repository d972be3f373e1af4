import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createActivityStore } from '../../src/activities/store.ts';
import type { Database } from '../../src/db/database.ts';
import { DATABASE_KINDS, useDatabase } from '../helpers/database/databases.ts';
import { clearActivities, insertActivity } from '../helpers/database/rows.ts';
import { until } from '../helpers/until.ts';
import { type StartedCleanup, startCleanup } from './start-cleanup.ts';

const GONE = { createdAt: `now() - interval '2 h'`, expiresAt: `now() - interval '1 ms'` };
const LATER = { createdAt: `now() - interval '2 h'`, expiresAt: `now() + interval '1 h'` };

const ALL = 'select count(*) as n from activities';

describe.each(DATABASE_KINDS)('the deletion of expired rows in %s', (kind) => {
  const db = useDatabase(kind);
  const started: StartedCleanup[] = [];

  beforeEach(() => clearActivities(db.database));
  afterEach(async () => {
    for (const { stop } of started.splice(0)) await stop();
  });

  /** Resolves with the log lines when the first one is there. */
  async function firstRun(database: Database = db.database) {
    const cleanup = startCleanup(database);
    started.push(cleanup);
    await until(() => cleanup.lines.length > 0);
    return cleanup.lines;
  }

  const replies = (replyTo: string, count: number) =>
    db.database.query({
      summary: 'INSERT activities',
      text: `insert into activities (user_uuid, message, reply_to_activity_uuid)
        select user_uuid, 'reply', uuid from activities, generate_series(1, ${count}) where uuid = $1`,
      values: [replyTo],
    });

  const rows = async () => {
    const [counts] = await db.database.query<{ activities: number; notifications: number }>({
      summary: 'SELECT',
      text: `select (select count(*)::integer from activities) as activities,
        (select count(*)::integer from notifications) as notifications`,
    });
    return counts;
  };

  it('takes the replies and notifications along, keeps everything else, and writes one line', async () => {
    const store = createActivityStore(db.database);
    const kept = await insertActivity(db.database, LATER);
    await insertActivity(db.database);
    await store.createReply({ handle: 'garek', message: 'to worf', replyTo: kept });
    const thread = await store.create({ handle: 'worf', message: 'to @garek and @londo', ttlMs: 3_600_000 });
    await store.createReply({ handle: 'bayko', message: 'to @garek', replyTo: thread.uuid });
    await db.database.query({
      summary: 'UPDATE activities',
      text: `with old as (
          update activities set created_at = now() - interval '2 h', expires_at = now() where uuid = $1
          returning expires_at
        )
        update notifications n set expires_at = old.expires_at from old, activities a
        where a.uuid = n.activity_uuid and $1 in (a.uuid, a.reply_to_activity_uuid)`,
      values: [thread.uuid],
    });
    expect(await rows()).toEqual({ activities: 5, notifications: 5 });
    expect(await firstRun()).toEqual([
      {
        message: 'deleted expired rows',
        fields: { deleted_notifications: 4, deleted_activities: 2, duration_ms: expect.any(Number) },
      },
    ]);
    expect(await rows()).toEqual({ activities: 3, notifications: 1 });
    expect(await store.find(kept)).toMatchObject({ replies_count: 1 });
  });

  it('deletes a long thread in batches, replies first', async () => {
    const thread = await insertActivity(db.database, GONE);
    await replies(thread, 950);
    for (let count = 0; count < 5; count += 1) await insertActivity(db.database, GONE);
    const sizes: number[] = [];
    const counting: Database = {
      ...db.database,
      transaction: (work, options) =>
        db.database.transaction(async (connection) => {
          const count = async () => Number((await connection.query({ summary: 'SELECT', text: ALL }))[0]?.n);
          const before = await count();
          const result = await work(connection);
          sizes.push(before - (await count()));
          return result;
        }, options),
    };
    const lines = await firstRun(counting);
    expect(lines[0]?.fields.deleted_activities).toBe(956);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(205);
    expect(await rows()).toMatchObject({ activities: 0 });
  });

  it('takes old idempotency keys and ended windows of rate limits', async () => {
    await db.database.query({
      summary: 'INSERT',
      text: `with keys as (
          insert into idempotency_keys (owner, key, fingerprint, answer, expires_at)
          select 'worf', n::text, '', '', now() + (n - 3) * interval '1 h' from generate_series(1, 4) n
        )
        insert into rate_limits (key, hits, resets_at)
        select int4send(n), 1, now() + (n - 2) * interval '1 h' from generate_series(1, 4) n`,
    });
    const [line] = await firstRun();
    expect(line?.fields).toMatchObject({ deleted_idempotency_keys: 3, deleted_rate_limits: 2 });
  });

  it('lowers the count of a thread whose reply expires alone', async () => {
    const thread = await insertActivity(db.database, LATER);
    await insertActivity(db.database, { ...GONE, replyTo: thread });
    await db.database.query({
      summary: 'UPDATE activities',
      text: 'update activities set replies_count = 1 where uuid = $1',
      values: [thread],
    });
    await firstRun();
    expect(await createActivityStore(db.database).find(thread)).toMatchObject({ replies_count: 0 });
  });
});
