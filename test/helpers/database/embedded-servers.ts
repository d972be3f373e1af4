import { createHash } from 'node:crypto';
import { cpSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cachedFolder } from '../cached-folder.ts';
import { type EmbeddedProcess, startEmbeddedProcess } from './embedded-process.ts';

const ROOT = join(import.meta.dirname, '../../..');
const EMBEDDED = join(ROOT, 'src/db/embedded');
const PGLITE = join(ROOT, 'node_modules/@electric-sql/pglite/package.json');

/** The embedded databases of a test run, each a process. */
export interface EmbeddedServers {
  /** Returns a new data folder that holds an empty database. */
  copyDataFolder(): Promise<string>;
  /** Starts a database and returns its URL. */
  start(): Promise<string>;
  /** Ends all processes and deletes all folders. */
  close(): Promise<void>;
}

export async function createEmbeddedServers(): Promise<EmbeddedServers> {
  const folder = await mkdtemp(join(tmpdir(), 'cruddur-embedded-'));
  const removeFolder = () => rmSync(folder, { recursive: true, force: true });
  process.once('exit', removeFolder);
  const running: EmbeddedProcess[] = [];
  let template: Promise<string> | undefined;

  async function copyDataFolder(): Promise<string> {
    template ??= emptyDataFolder();
    const copy = await mkdtemp(join(folder, 'data-'));
    // A thousand files, which take three times the CPU time with promises.
    cpSync(await template, copy, { recursive: true });
    return copy;
  }

  return {
    copyDataFolder,

    async start() {
      const database = await startEmbeddedProcess(await copyDataFolder());
      running.push(database);
      return database.url;
    },

    async close() {
      await Promise.all(running.map((database) => database.close()));
      process.off('exit', removeFolder);
      removeFolder();
    },
  };
}

/**
 * Returns a data folder as the first start leaves it. That start takes 2 s of CPU, so the folder is kept
 * until PGlite's version or the code that starts it changes.
 */
function emptyDataFolder(): Promise<string> {
  const hash = createHash('sha256').update(readFileSync(PGLITE));
  for (const file of readdirSync(EMBEDDED).toSorted()) hash.update(readFileSync(join(EMBEDDED, file)));
  const name = `embedded-${hash.digest('hex').slice(0, 16)}`;
  return cachedFolder(join(ROOT, 'node_modules/.cache/cruddur', name), async (dataDir) => {
    const database = await startEmbeddedProcess(dataDir);
    await database.close();
  });
}
