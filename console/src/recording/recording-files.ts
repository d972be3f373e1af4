import type { Journal } from '../journal/journal.ts';
import { type LoadedRecording, loadRecording } from './load-recording.ts';
import { type RecordingSaver, type SavedRecording, saveRecording } from './save-recording.ts';

export interface RecordingOptions {
  /** The recording to load at the start. */
  readonly load?: string;
  /** The file to append new entries to. It may be the loaded one. */
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

/** Loads a recording into the journal, then records new entries. Throws `RecordingError`. */
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
