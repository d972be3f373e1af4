import { afterEach, beforeEach } from 'vitest';
import { createDatabase, type Database, type DatabaseOptions } from '../../../src/db/database.ts';
import { createTcpProxy, type TcpProxy } from '../network/tcp-proxy.ts';

export interface ProxiedDatabase {
  readonly proxy: TcpProxy;
  readonly database: Database;
}

/** Gives each test a pool of its own, whose connections to the server of `db` the test can break. */
export function useProxiedDatabase(
  db: { readonly url: string },
  options: Omit<DatabaseOptions, 'databaseUrl'>,
): ProxiedDatabase {
  let proxy: TcpProxy;
  let database: Database;
  beforeEach(async () => {
    proxy = await createTcpProxy(db.url);
    database = createDatabase({ databaseUrl: proxy.url, ...options });
  });
  afterEach(async () => {
    await proxy.close();
    await database.close();
  });
  return {
    get proxy() {
      return proxy;
    },
    get database() {
      return database;
    },
  };
}
