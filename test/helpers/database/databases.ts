import { afterAll, beforeAll, inject } from 'vitest';
import { createDatabase, type Database } from '../../../src/db/database.ts';
import { DATABASE_KINDS, type DatabaseAnswers, type DatabaseKind } from './database-servers.ts';
import { makeDemoDatabase } from './demo-database.ts';
import { withAdmin } from './with-admin.ts';

export { DATABASE_KINDS, type DatabaseKind };

export interface TestDatabase {
  /** For `DATABASE_URL`. */
  readonly url: string;
  readonly database: Database;
}

export interface TestDatabaseOptions {
  /** Without any table. */
  readonly empty?: boolean;
}

/**
 * Gives the test file, or the `describe` around it, its own database, migrated and seeded with the demo data.
 * Its members exist only while tests run.
 */
export function useDatabase(kind: DatabaseKind, { empty = false }: TestDatabaseOptions = {}): TestDatabase {
  let opened: TestDatabase | undefined;
  const current = () => {
    if (opened === undefined) throw new Error('the database exists only while tests run');
    return opened;
  };
  beforeAll(async () => {
    const { url } = await ask('take', { kind });
    await clear(url);
    if (!empty) await makeDemoDatabase(url);
    opened = { url, database: createDatabase({ databaseUrl: url }) };
  });
  afterAll(async () => {
    if (opened === undefined) return;
    await opened.database.close();
    await ask('give-back', { kind, url: opened.url });
  });
  return {
    get url() {
      return current().url;
    },
    get database() {
      return current().database;
    },
  };
}

/** Removes the tables of the last user, and the connections of processes that were killed. */
function clear(url: string): Promise<unknown> {
  return withAdmin(url, async (admin) => {
    await admin.query(`
      select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid()`);
    await admin.query(`
      drop schema if exists public cascade;
      create schema public;
      grant usage on schema public to public`);
  });
}

/** Returns a data folder with an empty embedded database. It is deleted after the test run. */
export async function copyDataFolder(): Promise<string> {
  return (await ask('data-folder')).dataDir;
}

async function ask<Name extends keyof DatabaseAnswers>(
  name: Name,
  query: Record<string, string> = {},
): Promise<DatabaseAnswers[Name]> {
  const answer = await fetch(`${inject('databaseServers')}/${name}?${new URLSearchParams(query)}`);
  if (!answer.ok) throw new Error(`no ${name}: ${await answer.text()}`);
  return (await answer.json()) as DatabaseAnswers[Name];
}
