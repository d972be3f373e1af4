import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type RealService, run } from './real-service.ts';

const VERSIONS = '/usr/lib/postgresql';

/** Finds Debian's PostgreSQL, or installs it as root. `path` is the folder of its programs. */
export async function installPostgres(): Promise<RealService> {
  const path = (await findPrograms()) ?? (await aptGet());
  const [version = ''] = /\d+\.\d+/.exec(await run(join(path, 'postgres'), ['--version'])) ?? [];
  return { version, path };
}

/** A version's folder may hold the client only. */
async function findPrograms(): Promise<string | undefined> {
  const versions = (await readdir(VERSIONS).catch(() => [])).toSorted((a, b) => Number(b) - Number(a));
  for (const version of versions) {
    const path = join(VERSIONS, version, 'bin');
    if ((await readdir(path)).includes('postgres')) return path;
  }
  return undefined;
}

async function aptGet(): Promise<string> {
  if (process.getuid?.() !== 0) throw new Error('only root can install it: apt-get install postgresql');
  await run('apt-get', ['update', '-qq']);
  await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'postgresql'], {
    env: { DEBIAN_FRONTEND: 'noninteractive' },
  });
  const path = await findPrograms();
  if (path === undefined) throw new Error(`apt-get install postgresql left no server in ${VERSIONS}`);
  return path;
}
