import { describe, expect, it } from 'vitest';
import { createActivityStore } from '../../src/activities/store.ts';
import { createDatabase } from '../../src/db/database.ts';
import { useDatabase } from '../helpers/database/databases.ts';
import { makeDemoDatabase } from '../helpers/database/demo-database.ts';
import { withAdmin } from '../helpers/database/with-admin.ts';

describe('a database of encoding SQL_ASCII', () => {
  const db = useDatabase('postgres', { empty: true });

  it('takes the schema, and the longest message of any characters', async () => {
    const url = new URL(db.url);
    url.pathname += '_ascii';
    const name = url.pathname.slice(1);
    await withAdmin(db.url, async (admin) => {
      await admin.query(`drop database if exists ${name}`);
      await admin.query(`create database ${name} template template0 encoding 'SQL_ASCII' locale 'C'`);
    });
    await makeDemoDatabase(url.href);
    const database = createDatabase({ databaseUrl: url.href });
    const activities = createActivityStore(database);
    const message = `juice ${'🚀'.repeat(274)}`;
    const posted = await activities.create({ handle: 'worf', message, ttlMs: 3_600_000 });
    expect(posted.message).toBe(message);
    const { rows } = await activities.search('juice', { limit: 20, before: undefined });
    expect(rows.map(({ uuid }) => uuid)).toContain(posted.uuid);
    await database.close();
    await withAdmin(db.url, (admin) => admin.query(`drop database ${name}`));
  });
});
