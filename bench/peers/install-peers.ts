import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { upToDate } from './up-to-date.ts';

const FOLDER = new URL('./', import.meta.url);
const LOCK = new URL('package-lock.json', FOLDER);
/** npm writes it when an installation is complete. */
const INSTALLED = new URL('node_modules/.package-lock.json', FOLDER);

/**
 * Installs the packages of this folder unless they are up to date with its lock. Runs none of their scripts.
 * Throws if npm fails, for example without a connection to the registry.
 */
export function installPeers(): void {
  if (upToDate(INSTALLED, LOCK)) return;
  process.stderr.write('installing the peers (about 400 MB) into bench/peers/node_modules\n');
  const prefix = fileURLToPath(FOLDER);
  const { status } = spawnSync('npm', ['ci', '--prefix', prefix, '--ignore-scripts', '--no-audit'], {
    cwd: prefix,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (status !== 0) {
    throw new Error(
      'the benchmark peers needs the packages of bench/peers, and npm could not install them (see above): ' +
        'check the connection to the npm registry, then run "npm ci --prefix bench/peers --ignore-scripts"',
    );
  }
}

/** Returns the exact versions that the peers are installed in. */
export function peerVersions(): Record<string, string> {
  return JSON.parse(readFileSync(new URL('package.json', FOLDER), 'utf8')).dependencies;
}
