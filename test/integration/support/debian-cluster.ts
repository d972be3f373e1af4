import { execFile } from 'node:child_process';
import { chown, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll } from 'vitest';
import { freePort } from '../../helpers/network/free-port.ts';

const run = promisify(execFile);

export interface Cluster {
  /** Connects to the database `postgres` as superuser. Exists only while tests run. */
  readonly url: string;
  /** Ends all connections, with `immediate` as a crash does, and resolves when the server is up again. */
  restart(mode: 'fast' | 'immediate'): Promise<void>;
}

/** Starts a cluster for the `describe` around it, with the programs in `bin`. */
export function useCluster(bin: string): Cluster {
  let url = '';
  let folder = '';
  let pgCtl: (...args: string[]) => Promise<unknown> = async () => {};

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'cruddur-cluster-'));
    const identity = await unprivileged();
    if (identity !== undefined) await chown(folder, identity.uid, identity.gid);
    const options = { ...identity, cwd: folder, env: { PATH: process.env.PATH, LC_ALL: 'C.UTF-8' } };
    const cluster = ['--pgdata=data', '--username=postgres', '--auth=trust', '--encoding=UTF8'];
    await run(join(bin, 'initdb'), cluster, options);
    const port = await freePort();
    const settings = `-c port=${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories=`;
    // The server outlives pg_ctl, so it writes to a file and keeps no pipe open.
    const common = ['--pgdata=data', '--log=log', '--wait', '--timeout=120', '--options', settings];
    pgCtl = (...args) => run(join(bin, 'pg_ctl'), [...args, ...common], options);
    await pgCtl('start');
    url = `postgres://postgres@127.0.0.1:${port}/postgres`;
  });

  afterAll(async () => {
    await pgCtl('stop', '--mode=immediate');
    await rm(folder, { recursive: true, force: true });
  });

  return {
    get url() {
      return url;
    },
    async restart(mode) {
      await pgCtl('restart', `--mode=${mode}`);
    },
  };
}

/** PostgreSQL refuses to run as root, so root runs it as `nobody`, a user of every system. */
async function unprivileged(): Promise<{ uid: number; gid: number } | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const id = async (option: string) => Number((await run('id', [option, 'nobody'])).stdout);
  return { uid: await id('-u'), gid: await id('-g') };
}
