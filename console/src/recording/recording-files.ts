import type { Journal } from '../journal/journal.ts';
import { type LoadedRecording, loadRecording } from './load-recording.ts';
import { type RecordingSaver, type SavedRecording, saveRecording } from './save-recording.ts';

export interface RecordingOptions {
  /** A saved run to begin with. */
  readonly load?: string;
  /** The file to which what arrives is appended; it may be the one that is loaded. */
  readonly save?: string;
}

export interface RecordingStatus {
  readonly loaded: LoadedRecording | null;
  readonly saved: SavedRecording | null;
}

export interface RecordingFiles {
  status(): RecordingStatus;
  close(): Promise<void>;
}

/** Fills the journal from a file, then appends to one what comes after that. Throws `RunFileError`. */
export async function openRecordingFiles(
  { load, save }: RecordingOptions,
  journal: Journal,
): Promise<RecordingFiles> {
  const loaded = load === undefined ? null : await loadRecording(load, journal);
  const saver: RecordingSaver | undefined =
    save === undefined ? undefined : await saveRecording(save, journal);
  return {
    status: () => ({ loaded, saved: saver?.status() ?? null }),
    close: async () => saver?.close(),
  };
}
