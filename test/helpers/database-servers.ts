import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { createDatabase } from '../../src/db/database.ts';
import { migrate } from '../../src/db/migrations.ts';
import { seedDemoData } from '../../src/db/seed.ts';
import { startEmbeddedProcess } from './embedded-process.ts';
import { type PostgresServer, startPostgresServer } from './postgres-server.ts';
import { withAdmin } from './with-admin.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** `GET <this>/postgres`, `GET <this>/embedded`: where the copies for test files are made from. */
    databaseServers: string;
  }
}

/** One PostgreSQL server for all test files, and a migrated and seeded database to copy. */
export interface PostgresTemplate {
  readonly url: string;
  readonly template: string;
}

/** A migrated and seeded data folder to copy. What is put beside it is deleted with it. */
export interface EmbeddedTemplate {
  readonly dataDir: string;
}

/**
 * Runs for a whole vitest run, in its main process. A server starts when the first test file asks for it, so a run
 * without the database costs nothing.
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'cruddur-embedded-'));
  const dataDir = join(folder, 'template');
  const remove = () => rmSync(folder, { recursive: true, force: true });
  process.once('exit', remove);
  let server: PostgresServer | undefined;
  const making: Record<string, Promise<PostgresTemplate | EmbeddedTemplate> | undefined> = {};
  const make = {
    '/postgres': async (): Promise<PostgresTemplate> => {
      server = await startPostgresServer();
      const { url } = server;
      const template = 'template_seeded';
      await withAdmin(url, (admin) => admin.query(`create database ${template}`));
      await prepare(url.replace(/postgres$/, template));
      return { url, template };
    },
    '/embedded': async (): Promise<EmbeddedTemplate> => {
      const database = await startEmbeddedProcess(dataDir);
      await prepare(database.url);
      await database.close();
      return { dataDir };
    },
  };

  const desk = createServer(async (request, response) => {
    try {
      const kind = request.url as keyof typeof make;
      making[kind] ??= make[kind]();
      response.end(JSON.stringify(await making[kind]));
    } catch (error) {
      response.writeHead(500).end(String(error));
    }
  });
  desk.listen(0, '127.0.0.1');
  await once(desk, 'listening');
  project.provide('databaseServers', `http://127.0.0.1:${(desk.address() as AddressInfo).port}`);

  return async () => {
    desk.close();
    desk.closeAllConnections();
    await Promise.allSettled(Object.values(making));
    await server?.close();
    remove();
  };
}

async function prepare(databaseUrl: string): Promise<void> {
  const database = createDatabase({ databaseUrl });
  try {
    await migrate(database);
    await seedDemoData(database);
  } finally {
    await database.close();
  }
}
