import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestProject } from 'vitest/node';
import { makeDemoDatabase } from './demo-database.ts';
import { createEmbeddedServers } from './embedded-servers.ts';
import { type PostgresServer, startPostgresServer } from './postgres-server.ts';
import { withAdmin } from './with-admin.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the helpers in the workers ask for databases: `GET <this>/<one of DatabaseAnswers>`. */
    databaseServers: string;
  }
}

export interface DatabaseAnswers {
  /** The one PostgreSQL server, and the name of a migrated and seeded database to copy. */
  readonly postgres: { readonly url: string; readonly template: string };
  /** A migrated and seeded data folder of the embedded database, to copy. */
  readonly 'data-folder': { readonly dataDir: string };
  /** One embedded database, for the caller alone. */
  readonly embedded: { readonly url: string };
  /** Query: the `url` of the one that is no longer needed. */
  readonly 'embedded-done': Record<string, never>;
}

/** Runs for a whole vitest run, in its main process. Servers start with the first file that asks for one. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const embedded = await createEmbeddedServers();
  let server: PostgresServer | undefined;
  let postgres: Promise<DatabaseAnswers['postgres']> | undefined;

  async function startPostgres(): Promise<DatabaseAnswers['postgres']> {
    server = await startPostgresServer();
    const { url } = server;
    const template = 'template_seeded';
    await withAdmin(url, (admin) => admin.query(`create database ${template}`));
    await makeDemoDatabase(url.replace(/postgres$/, template));
    return { url, template };
  }

  async function answer({ pathname, searchParams }: URL): Promise<DatabaseAnswers[keyof DatabaseAnswers]> {
    switch (pathname.slice(1) as keyof DatabaseAnswers) {
      case 'postgres':
        postgres ??= startPostgres();
        return postgres;
      case 'data-folder':
        return { dataDir: await embedded.template() };
      case 'embedded':
        return { url: await embedded.take() };
      case 'embedded-done':
        embedded.giveBack(searchParams.get('url') ?? '');
        return {};
    }
  }

  const desk = createServer(async (request, response) => {
    try {
      response.end(JSON.stringify(await answer(new URL(request.url ?? '', 'http://desk'))));
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
    await postgres?.catch(() => {});
    await Promise.all([server?.close(), embedded.close()]);
  };
}
