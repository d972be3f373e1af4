import { randomUUID } from 'node:crypto';
import { cp, mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, inject } from 'vitest';
import { createDatabase, type Database } from '../../../src/db/database.ts';
import type { DatabaseAnswers } from './database-servers.ts';
import { makeDemoDatabase } from './demo-database.ts';
import { withAdmin } from './with-admin.ts';

/** The two that the service runs on: PGlite in a process of its own, and a PostgreSQL server. */
export const DATABASE_KINDS = ['embedded', 'postgres'] as const;
export type DatabaseKind = (typeof DATABASE_KINDS)[number];

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
 * Gives the test file (or the `describe` around it) a database of its own, migrated and seeded with the demo data.
 * Its members may be read once the tests run, not before.
 */
export function useDatabase(kind: DatabaseKind, options: TestDatabaseOptions = {}): TestDatabase {
  let opened: (TestDatabase & { close(): Promise<void> }) | undefined;
  const current = () => {
    if (opened === undefined) throw new Error('the database is there while tests run only');
    return opened;
  };
  beforeAll(async () => {
    opened = await openTestDatabase(kind, options);
  });
  afterAll(() => opened?.close());
  return {
    get url() {
      return current().url;
    },
    get database() {
      return current().database;
    },
  };
}

async function openTestDatabase(
  kind: DatabaseKind,
  { empty = false }: TestDatabaseOptions,
): Promise<TestDatabase & { close(): Promise<void> }> {
  const { url, giveBack } = await (kind === 'postgres' ? takePostgres(empty) : takeEmbedded(empty));
  const database = createDatabase({ databaseUrl: url });
  return {
    url,
    database,
    async close() {
      await database.close();
      await giveBack();
    },
  };
}

interface Taken {
  readonly url: string;
  giveBack(): Promise<unknown>;
}

async function takePostgres(empty: boolean): Promise<Taken> {
  const { url, template } = await ask('postgres');
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  const source = empty ? 'template0' : template;
  await withAdmin(url, (admin) => admin.query(`create database ${name} template ${source}`));
  return {
    url: url.replace(/postgres$/, name),
    giveBack: () => withAdmin(url, (admin) => admin.query(`drop database ${name} with (force)`)),
  };
}

async function takeEmbedded(empty: boolean): Promise<Taken> {
  const { url } = await ask('embedded');
  await withAdmin(url, (admin) => admin.query('drop schema public cascade; create schema public'));
  if (!empty) await makeDemoDatabase(url);
  return { url, giveBack: () => ask('embedded-done', { url }) };
}

/** A migrated and seeded data folder that no process uses. It is deleted after the test run. */
export async function copyDataFolder(): Promise<string> {
  const { dataDir: template } = await ask('data-folder');
  const dataDir = await mkdtemp(join(template, '..', 'copy-'));
  await cp(template, dataDir, { recursive: true });
  return dataDir;
}

async function ask<Name extends keyof DatabaseAnswers>(
  name: Name,
  query: Record<string, string> = {},
): Promise<DatabaseAnswers[Name]> {
  const answer = await fetch(`${inject('databaseServers')}/${name}?${new URLSearchParams(query)}`);
  if (!answer.ok) throw new Error(`no ${name}: ${await answer.text()}`);
  return (await answer.json()) as DatabaseAnswers[Name];
}
