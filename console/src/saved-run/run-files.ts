import type { Journal } from '../journal/journal.ts';
import { type LoadedRun, loadRun } from './load-run.ts';
import { type RunSaver, type SavedRun, saveRun } from './save-run.ts';

export interface RunFilesOptions {
  /** A saved run to begin with. */
  readonly load?: string;
  /** The file to which what arrives is appended; it may be the one that is loaded. */
  readonly save?: string;
}

export interface RunFilesStatus {
  readonly loaded: LoadedRun | null;
  readonly saved: SavedRun | null;
}

export interface RunFiles {
  status(): RunFilesStatus;
  close(): Promise<void>;
}

/** Fills the journal from a file, then appends to one what comes after that. Throws `RunFileError`. */
export async function openRunFiles({ load, save }: RunFilesOptions, journal: Journal): Promise<RunFiles> {
  const loaded = load === undefined ? null : await loadRun(load, journal);
  const saver: RunSaver | undefined = save === undefined ? undefined : await saveRun(save, journal);
  return {
    status: () => ({ loaded, saved: saver?.status() ?? null }),
    close: async () => saver?.close(),
  };
}
