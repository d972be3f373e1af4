import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** A folder that this process alone may use until `release`, or until it ends in whatever way. */
export interface DataFolder {
  /** Where PostgreSQL's own files go. */
  readonly pgdata: string;
  /** To be called once those files are complete; without it the next start makes them anew. */
  markComplete(): Promise<void>;
  release(): void;
}

/** The data folder is held by another live process. */
export class DataFolderInUse extends Error {
  override readonly name = 'DataFolderInUse';

  constructor(path: string) {
    super(
      `the data folder ${path} is in use by another process: stop that one, or set DATA_DIR to another folder`,
    );
  }
}

/** Takes the folder, and makes it where it is missing. Rejects with `DataFolderInUse`. */
export async function openDataFolder(path: string): Promise<DataFolder> {
  await mkdir(path, { recursive: true });
  const release = lock(path);
  const pgdata = join(path, 'pgdata');
  const incomplete = join(path, 'incomplete');
  if (existsSync(incomplete)) await rm(pgdata, { recursive: true, force: true });
  if (!existsSync(pgdata)) await writeFile(incomplete, '');
  return { pgdata, markComplete: () => rm(incomplete, { force: true }), release };
}

/**
 * An open transaction of SQLite is a lock of the operating system, which a file with a process id is not: it goes
 * with the process, however it ends, and another process cannot inherit it with the id.
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
