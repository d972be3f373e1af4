import { randomUUID } from 'node:crypto';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, inject } from 'vitest';
import { createDatabase, type Database } from '../../src/db/database.ts';
import type { EmbeddedTemplate, PostgresTemplate } from './database-servers.ts';
import { startEmbeddedProcess } from './embedded-process.ts';
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
  const copy = await (kind === 'postgres' ? copyPostgres() : copyEmbedded());
  if (empty) {
    await withAdmin(copy.url, (admin) => admin.query('drop schema public cascade; create schema public'));
  }
  const database = createDatabase({ databaseUrl: copy.url });
  return {
    url: copy.url,
    database,
    async close() {
      await database.close();
      await copy.remove();
    },
  };
}

interface Copy {
  readonly url: string;
  remove(): Promise<void>;
}

async function copyPostgres(): Promise<Copy> {
  const { url, template } = await templateOf<PostgresTemplate>('postgres');
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await withAdmin(url, (admin) => admin.query(`create database ${name} template ${template}`));
  return {
    url: url.replace(/postgres$/, name),
    remove: () => withAdmin(url, (admin) => admin.query(`drop database ${name} with (force)`)).then(() => {}),
  };
}

/** A migrated and seeded data folder that no process uses. The caller deletes it. */
export async function copyDataFolder(): Promise<string> {
  const template = await templateOf<EmbeddedTemplate>('embedded');
  const dataDir = await mkdtemp(join(template.dataDir, '..', 'copy-'));
  await cp(template.dataDir, dataDir, { recursive: true });
  return dataDir;
}

async function copyEmbedded(): Promise<Copy> {
  const dataDir = await copyDataFolder();
  const { url, close } = await startEmbeddedProcess(dataDir);
  return {
    url,
    async remove() {
      await close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

async function templateOf<Template>(kind: DatabaseKind): Promise<Template> {
  const answer = await fetch(`${inject('databaseServers')}/${kind}`);
  if (!answer.ok) throw new Error(`no ${kind} database: ${await answer.text()}`);
  return (await answer.json()) as Template;
}
