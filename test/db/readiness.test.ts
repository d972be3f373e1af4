import { describe, expect, it } from 'vitest';
import { createDatabase, type Database } from '../../src/db/database.ts';
import { migrate } from '../../src/db/migrations.ts';
import { createReadiness, type Readiness } from '../../src/db/readiness.ts';
import { DATABASE_KINDS, useDatabase } from '../helpers/database/databases.ts';
import { useProxiedDatabase } from '../helpers/database/proxied-database.ts';
import { withAdmin } from '../helpers/database/with-admin.ts';
import { until } from '../helpers/until.ts';

const NAP = { summary: 'SELECT', text: 'select pg_sleep(0.5)' };
const SOON = { intervalMs: 30 };
const isReady = (readiness: Readiness) =>
  readiness.check().then(
    () => true,
    () => false,
  );

/** Counts the questions to the database. */
function counted(database: Database): { readiness: Readiness; questions(): number } {
  let questions = 0;
  const readiness = createReadiness({
    limits: database.limits,
    async openApart() {
      const connection = await database.openApart();
      return {
        ...connection,
        run: (query, options) => {
          questions += 1;
          return connection.run(query, options);
        },
      };
    },
  });
  return { readiness, questions: () => questions };
}

describe.each(DATABASE_KINDS)('readiness, %s', (kind) => {
  const db = useDatabase(kind, { empty: true });

  it('needs all migrations', async () => {
    const readiness = createReadiness(db.database, SOON);
    await expect(readiness.check()).rejects.toMatchObject({
      status: 503,
      message: expect.stringContaining('schema is not up to date'),
    });
    await migrate(db.database);
    await until(() => isReady(readiness));
    await db.database.query({
      summary: 'UPDATE schema_migrations',
      text: `update schema_migrations set name = 'x' || name`,
    });
    await until(async () => !(await isReady(readiness)));
    await db.database.query({
      summary: 'UPDATE schema_migrations',
      text: 'update schema_migrations set name = substr(name, 2)',
    });
    await until(() => isReady(readiness));
  });
});

describe('readiness', () => {
  const db = useDatabase('postgres');
  const shaky = useProxiedDatabase(db, { poolSize: 1, connectTimeoutMs: 900 });

  it('is right while all connections of the pool are in use', async () => {
    const nap = shaky.database.query(NAP);
    const waiting = shaky.database.query(NAP).catch(() => {});
    expect(await isReady(createReadiness(shaky.database))).toBe(true);
    await Promise.all([nap, waiting]);
  });

  it('asks at most once a second however often it is called', async () => {
    const { readiness, questions } = counted(shaky.database);
    const start = performance.now();
    while (questions() < 2) await Promise.all(Array.from({ length: 20 }, () => readiness.check()));
    expect(performance.now() - start).toBeGreaterThan(990);
  });

  it('needs a database that takes writes', async () => {
    const readiness = createReadiness(shaky.database, SOON);
    await readiness.check();
    const set = (mode: string) =>
      withAdmin(db.url, (admin) =>
        admin.query(`
          alter database ${new URL(db.url).pathname.slice(1)} ${mode};
          select pg_terminate_backend(pid) from pg_stat_activity
          where datname = current_database() and pid <> pg_backend_pid()`),
      );
    await set('set default_transaction_read_only = on');
    await passed(SOON.intervalMs);
    await expect(readiness.check()).rejects.toMatchObject({ message: 'The database is read-only.' });
    await withAdmin(db.url, (admin) =>
      admin.query(`
        set transaction read write;
        alter database ${new URL(db.url).pathname.slice(1)} reset default_transaction_read_only`),
    );
    await until(() => isReady(readiness));
  });

  it('closes its connection with the database', async () => {
    const database = createDatabase({ databaseUrl: db.url });
    await createReadiness(database).check();
    await database.close();
    await until(() =>
      withAdmin(db.url, async (admin) => {
        const text = `select from pg_stat_activity where datname = current_database()
          and application_name = 'cruddur-backend' and query like '%schema_migrations%'`;
        return (await admin.query(text)).rowCount === 0;
      }),
    );
  });
});

/** Until then, the last answer counts. */
function passed(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
