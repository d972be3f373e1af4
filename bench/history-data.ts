import { createDatabase, type Database } from '../src/db/database.ts';
import { migrate } from '../src/db/migrations.ts';
import { seedDemoData } from '../src/demo/seed.ts';
import { withAdmin } from '../test/helpers/database/with-admin.ts';

export const EXPIRED_POSTS = 1_000_000;
export const EXPIRED_MENTIONS = 300_000;
const LIVE_POSTS = 1000;

export interface Stored {
  readonly url: string;
  readonly database: Database;
}

/** Creates a database with the demo data and live posts, a tenth of which mention the acting user. */
export async function createStored(serverUrl: string, name: string): Promise<Stored> {
  await withAdmin(serverUrl, (admin) => admin.query(`create database ${name}`));
  const url = serverUrl.replace(/postgres$/, name);
  const database = createDatabase({ databaseUrl: url, statementTimeoutMs: 600_000 });
  await migrate(database);
  await seedDemoData(database);
  await addPosts(database, { posts: LIVE_POSTS, mentions: LIVE_POSTS / 10, age: `n * interval '1 second'` });
  return { url, database };
}

/** Adds posts of each lifetime of the API; the newest of each expired a minute ago. */
export async function addHistory(database: Database): Promise<void> {
  const age = `lifetime + interval '1 minute' + n * interval '50 ms'`;
  await addPosts(database, { posts: EXPIRED_POSTS, mentions: EXPIRED_MENTIONS, age });
}

/** Does not check foreign keys, which would take longer than everything else. */
async function addPosts(
  database: Database,
  { posts, mentions, age }: { readonly posts: number; readonly mentions: number; readonly age: string },
): Promise<void> {
  await database.transaction(async (connection) => {
    await connection.query({ summary: 'SET', text: 'set local session_replication_role = replica' });
    await connection.query({
      summary: 'INSERT activities',
      text: `
        with posts as (
          insert into activities (user_uuid, message, created_at, expires_at)
          select worf.uuid, 'Activity number ' || n, t.created_at, t.created_at + l.lifetime
          from users worf, generate_series(1, ${posts}) n
          cross join lateral (
            select (array[1, 3, 12, 24, 72, 168, 720])[1 + n % 7] * interval '1 hour' as lifetime
          ) l
          cross join lateral (select date_trunc('milliseconds', now() - (${age})) as created_at) t
          where worf.handle = 'worf'
          returning *
        )
        insert into notifications (user_uuid, activity_uuid, created_at, expires_at)
        select u.uuid, p.uuid, p.created_at, p.expires_at
        from users u, (select * from posts limit ${mentions}) p where u.handle = 'andrewbrown'`,
    });
  });
  await database.query({ summary: 'VACUUM', text: 'vacuum analyze' });
}
