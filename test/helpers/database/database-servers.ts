import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestProject } from 'vitest/node';
import { createEmbeddedServers } from './embedded-servers.ts';
import { type PostgresServer, startPostgresServer } from './postgres-server.ts';
import { withAdmin } from './with-admin.ts';

/** The databases that the service supports: PGlite in a process of its own, and a PostgreSQL server. */
export const DATABASE_KINDS = ['embedded', 'postgres'] as const;
export type DatabaseKind = (typeof DATABASE_KINDS)[number];

declare module 'vitest' {
  interface ProvidedContext {
    /** Workers get databases from `GET <this>/<a member of DatabaseAnswers>`. */
    databaseServers: string;
  }
}

export interface DatabaseAnswers {
  /** Query: `kind`. A database for the caller alone, with the data of its last user. */
  readonly take: { readonly url: string };
  /** Query: `kind`, and the `url` of a database that is no longer used. */
  readonly 'give-back': Record<string, never>;
  /** A data folder with an empty embedded database that no process uses. */
  readonly 'data-folder': { readonly dataDir: string };
}

/**
 * Runs in vitest's main process for a whole test run. Servers start with the first file that asks for one.
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const embedded = await createEmbeddedServers();
  let postgres: Promise<PostgresServer> | undefined;
  let created = 0;
  const idle: Record<DatabaseKind, string[]> = { embedded: [], postgres: [] };

  async function createPostgresDatabase(): Promise<string> {
    postgres ??= startPostgresServer();
    const { url } = await postgres;
    created += 1;
    const name = `test_${created}`;
    await withAdmin(url, (admin) => admin.query(`create database ${name}`));
    return url.replace(/postgres$/, name);
  }

  async function answer({ pathname, searchParams }: URL): Promise<DatabaseAnswers[keyof DatabaseAnswers]> {
    const kind = searchParams.get('kind') as DatabaseKind;
    switch (pathname.slice(1) as keyof DatabaseAnswers) {
      case 'take': {
        const create = kind === 'embedded' ? embedded.start : createPostgresDatabase;
        return { url: idle[kind].pop() ?? (await create()) };
      }
      case 'give-back':
        idle[kind].push(searchParams.get('url') ?? '');
        return {};
      case 'data-folder':
        return { dataDir: await embedded.copyDataFolder() };
    }
  }

  const server = createServer(async (request, response) => {
    try {
      response.end(JSON.stringify(await answer(new URL(request.url ?? '', 'http://localhost'))));
    } catch (error) {
      response.writeHead(500).end(String(error));
    }
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  project.provide('databaseServers', `http://127.0.0.1:${(server.address() as AddressInfo).port}`);

  return async () => {
    server.close();
    server.closeAllConnections();
    const started = await postgres?.catch(() => undefined);
    await Promise.all([started?.close(), embedded.close()]);
  };
}
