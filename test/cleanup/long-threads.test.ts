import { expect, it } from 'vitest';
import { DELETE_EXPIRED_ACTIVITIES } from '../../src/activities/sql/expired-activities.ts';
import { useDatabase } from '../helpers/database/databases.ts';

const ROWS = 200;
/** In blocks of 8 kB; the table alone has 400. */
const BLOCKS_PER_ROW = 30;

interface Explained extends Record<string, unknown> {
  readonly 'QUERY PLAN': [{ Plan: Record<'Shared Hit Blocks' | 'Shared Read Blocks', number> }];
}

const db = useDatabase('postgres');

it('the deletion of a batch reads few blocks while a live thread has most rows of the table', async () => {
  await db.database.transaction(async (connection) => {
    const run = (summary: string, text: string) => connection.query({ summary, text });
    await run('SET', 'set local session_replication_role = replica');
    await run(
      'INSERT activities',
      `insert into activities (user_uuid, message, reply_to_activity_uuid)
      select user_uuid, 'reply', uuid from generate_series(1, 20000),
        (select * from activities where expires_at is not null limit 1) thread`,
    );
    await run(
      'INSERT activities',
      `insert into activities (user_uuid, message, created_at, expires_at)
      select uuid, 'gone', now() - interval '2 h', now() - interval '1 h'
      from users, generate_series(1, ${ROWS}) where handle = 'worf'`,
    );
  });
  await db.database.query({ summary: 'ANALYZE', text: 'analyze activities' });
  const [row] = await db.database.query<Explained>({
    ...DELETE_EXPIRED_ACTIVITIES,
    text: `explain (analyze, buffers, format json) ${DELETE_EXPIRED_ACTIVITIES.text}`,
    values: [ROWS, '-infinity'],
  });
  const plan = row?.['QUERY PLAN'][0].Plan;
  const blocks = (plan?.['Shared Hit Blocks'] ?? Number.NaN) + (plan?.['Shared Read Blocks'] ?? Number.NaN);
  expect(blocks).toBeLessThan(ROWS * BLOCKS_PER_ROW);
});
