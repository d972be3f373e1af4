import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** A folder locked for this process until `release`, or until the process ends for any reason. */
export interface DataFolder {
  /** Directory for PostgreSQL's own files. */
  readonly pgdata: string;
  /** Records that those files are complete; otherwise the next start deletes and recreates them. */
  markComplete(): Promise<void>;
  release(): void;
}

/** Another running process has locked the data folder. */
class DataFolderInUse extends Error {
  override readonly name = 'DataFolderInUse';

  constructor(path: string) {
    super(`the data folder ${path} is in use by another process: stop it, or set DATA_DIR to another folder`);
  }
}

/** The folder cannot be created, or not be written. */
export class UnusableDataFolder extends Error {
  override readonly name = 'UnusableDataFolder';

  constructor(path: string, cause: unknown) {
    const { code, message } = cause as NodeJS.ErrnoException;
    const reason = code?.startsWith('ERR_SQLITE') ? message : code;
    super(`DATA_DIR must be a folder that can be created and written: ${path} is not (${reason})`, { cause });
  }
}

/**
 * Locks the folder; creates it if it does not exist. Rejects with `DataFolderInUse` and
 * `UnusableDataFolder`.
 */
export async function openDataFolder(path: string): Promise<DataFolder> {
  const release = await createAndLock(path).catch((error: unknown) => {
    throw error instanceof DataFolderInUse ? error : new UnusableDataFolder(path, error);
  });
  const pgdata = join(path, 'pgdata');
  const incomplete = join(path, 'incomplete');
  if (existsSync(incomplete)) await rm(pgdata, { recursive: true, force: true });
  if (!existsSync(pgdata)) await writeFile(incomplete, '');
  return { pgdata, markComplete: () => rm(incomplete, { force: true }), release };
}

async function createAndLock(path: string): Promise<() => void> {
  await create(resolve(path));
  return lock(path);
}

/** Node's own `recursive` never ends where a folder exists, but cannot have others, as `/proc`. */
async function create(path: string): Promise<void> {
  if (existsSync(path)) return;
  await create(dirname(path));
  await mkdir(path);
}

/**
 * Locks the folder with an open SQLite transaction, which is a lock of the operating system: it ends with the
 * process. A file with a process id would survive a crash, and the id could be reused.
 */
function lock(path: string): () => void {
  const holder = new DatabaseSync(join(path, 'lock'));
  try {
    holder.exec('pragma journal_mode = off; begin exclusive');
  } catch (error) {
    holder.close();
    throw (error as { errcode?: number }).errcode === SQLITE_BUSY ? new DataFolderInUse(path) : error;
  }
  return () => holder.close();
}

const SQLITE_BUSY = 5;
