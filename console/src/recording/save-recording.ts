import { type FileHandle, open } from 'node:fs/promises';
import type { Journal } from '../journal/journal.ts';
import { createAppendWriter } from './append-writer.ts';
import { describeSystemError, RecordingError } from './recording-error.ts';
import { isRecordingHeader, NOT_A_RECORDING, RECORDING_HEADER } from './recording-header.ts';

const MAX_HEADER_BYTES = 1024;

/** How it stands with the file to which a run is saved. */
export interface SavedRecording {
  readonly file: string;
  /** Entries that are in the file. */
  readonly saved: number;
  /** Entries that are not, and will not be. */
  readonly lost: number;
  /** Why entries cannot be written at present. */
  readonly fault: string | null;
}

export interface RecordingSaver {
  status(): SavedRecording;
  /** Writes what is left, and says on stderr what could not be. */
  close(): Promise<void>;
}

/**
 * Appends to a file, as a line of JSON, each entry that comes from now on. It waits for no disk: what cannot be written
 * is counted and said on stderr. Throws `RunFileError` when the file cannot be written, or holds anything but a saved run.
 */
export async function saveRecording(file: string, journal: Journal): Promise<RecordingSaver> {
  const handle = await openRecording(file);
  const lines = createAppendWriter(handle, () => {
    warn(`cannot save to ${file} at present: ${describeSystemError(lines.fault)}`);
  });
  const leave = journal.subscribe({ added: (_entry, _summary, line) => lines.append(line) });

  function status(): SavedRecording {
    const { saved, lost, fault } = lines;
    return { file, saved, lost, fault: fault === undefined ? null : describeSystemError(fault) };
  }

  return {
    status,
    async close() {
      leave();
      await lines.close();
      if (lines.lost > 0) warn(`${lines.lost} of ${lines.saved + lines.lost} entries are not in ${file}`);
    },
  };
}

async function openRecording(file: string): Promise<FileHandle> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(file, 'a+');
    const beginning = await beginningFor(handle);
    if (beginning) await handle.writeFile(beginning);
    return handle;
  } catch (error) {
    await handle?.close();
    throw new RecordingError(`cannot save to ${file}: ${describeSystemError(error)}`);
  }
}

/** What goes into a file before the first entry; throws when something else than a run is in it. */
async function beginningFor(handle: FileHandle): Promise<string> {
  const { size } = await handle.stat();
  if (size === 0) return `${RECORDING_HEADER}\n`;
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(MAX_HEADER_BYTES), 0, MAX_HEADER_BYTES, 0);
  const [header = ''] = buffer.toString('utf8', 0, bytesRead).split('\n', 1);
  if (!isRecordingHeader(header)) throw new Error(NOT_A_RECORDING);
  const last = await handle.read(Buffer.alloc(1), 0, 1, size - 1);
  // A console that was killed may have left half a line.
  return last.buffer.toString() === '\n' ? '' : '\n';
}

function warn(message: string): void {
  process.stderr.write(`console: ${message}\n`);
}
