import { execFile } from 'node:child_process';
import { chown, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll } from 'vitest';
import { freePort } from '../../helpers/network/free-port.ts';

const run = promisify(execFile);

/** A server of Debian's PostgreSQL. It listens on 127.0.0.1 and on a Unix socket in its folder. */
export interface Server {
  readonly port: number;
  /** Holds `data`, the log and the socket. */
  readonly folder: string;
  /** Connects to the database `postgres` as superuser. */
  readonly url: string;
  /** Runs a program of PostgreSQL in the folder, as the user of the server. */
  run(program: string, ...args: string[]): Promise<unknown>;
  start(): Promise<void>;
  /** Ends all connections; `immediate` is a crash. */
  stop(mode: 'fast' | 'immediate'): Promise<void>;
  /** Resolves when the server is up again. */
  restart(mode: 'fast' | 'immediate'): Promise<void>;
  remove(): Promise<void>;
}

export interface ServerOptions {
  /** Settings in the form of postgresql.conf, such as `ssl=on`. */
  readonly settings?: readonly string[];
  /** Makes the folder `data`. Default: an empty cluster. */
  makeData?(server: Server): Promise<unknown>;
}

/** Creates and starts a server with the programs in `bin`. */
export async function startServer(bin: string, { settings = [], makeData = initdb }: ServerOptions = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'cruddur-cluster-'));
  const identity = await unprivileged();
  if (identity !== undefined) await chown(folder, identity.uid, identity.gid);
  const options = { ...identity, cwd: folder, env: { PATH: process.env.PATH, LC_ALL: 'C.UTF-8' } };
  const port = await freePort();
  const address = [`port=${port}`, 'listen_addresses=127.0.0.1', `unix_socket_directories=${folder}`];
  const line = [...address, ...settings].map((setting) => `-c ${setting}`).join(' ');
  // The server outlives pg_ctl, so it writes to a file and keeps no pipe open.
  const common = ['--pgdata=data', '--log=log', '--wait', '--timeout=120', '--options', line];
  const pgCtl = async (...args: string[]) => {
    await run(join(bin, 'pg_ctl'), [...args, ...common], options);
  };
  const server: Server = {
    port,
    folder,
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    run: (program, ...args) => run(join(bin, program), args, options),
    start: () => pgCtl('start'),
    stop: (mode) => pgCtl('stop', `--mode=${mode}`),
    restart: (mode) => pgCtl('restart', `--mode=${mode}`),
    async remove() {
      await pgCtl('stop', '--mode=immediate').catch(() => {});
      await rm(folder, { recursive: true, force: true });
    },
  };
  await makeData(server);
  await server.start();
  return server;
}

const initdb = ({ run: runHere }: Server) =>
  runHere('initdb', '--pgdata=data', '--username=postgres', '--auth=trust', '--encoding=UTF8');

/** Starts a server for the `describe` around it. Its members exist only while tests run. */
export function useServer(start: () => Promise<Server>): Server {
  let server: Server | undefined;
  beforeAll(async () => {
    server = await start();
  });
  afterAll(() => server?.remove());
  return new Proxy({} as Server, {
    get: (_target, name) => {
      if (server === undefined) throw new Error('the server exists only while tests run');
      return server[name as keyof Server];
    },
  });
}

/** PostgreSQL refuses to run as root, so root runs it as `nobody`, a user of every system. */
async function unprivileged(): Promise<{ uid: number; gid: number } | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const id = async (option: string) => Number((await run('id', [option, 'nobody'])).stdout);
  return { uid: await id('-u'), gid: await id('-g') };
}
