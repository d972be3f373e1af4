import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Peer, run } from './peer.ts';

const VERSIONS = '/usr/lib/postgresql';

/** Debian's PostgreSQL, where it is installed: `path` is the folder of its programs. */
export async function findPostgres(): Promise<Peer> {
  const installed = await readdir(VERSIONS).catch(() => []);
  const newest = installed.map(Number).toSorted((a, b) => b - a)[0];
  if (newest === undefined) throw new Error('install it first: apt-get install postgresql');
  const path = join(VERSIONS, String(newest), 'bin');
  const [version = ''] = /\d+\.\d+/.exec(await run(join(path, 'postgres'), ['--version'])) ?? [];
  return { version, path };
}
