import { type FileHandle, open } from 'node:fs/promises';
import type { Journal } from '../journal/journal.ts';
import { createAppendWriter } from './append-writer.ts';
import { describeSystemError, RecordingError } from './recording-error.ts';
import { isRecordingHeader, NOT_A_RECORDING, RECORDING_HEADER } from './recording-header.ts';

const MAX_HEADER_BYTES = 1024;

/** The state of the recording that is being written. */
export interface SavedRecording {
  readonly file: string;
  /** The number of entries in the file. */
  readonly saved: number;
  /** The number of entries that will never be in the file. */
  readonly lost: number;
  /** Why the last write failed; null after a successful one. */
  readonly fault: string | null;
}

export interface RecordingSaver {
  status(): SavedRecording;
  /** Writes the remaining entries and reports lost ones on stderr. */
  close(): Promise<void>;
}

/**
 * Appends each new entry to a file as a line of JSON, without delaying the receivers. Lost entries are
 * counted and reported on stderr. Throws `RecordingError` when the file cannot be written or is not a
 * recording.
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

/** Returns the text before the first new entry. Throws when the file is not a recording. */
async function beginningFor(handle: FileHandle): Promise<string> {
  const { size } = await handle.stat();
  if (size === 0) return `${RECORDING_HEADER}\n`;
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(MAX_HEADER_BYTES), 0, MAX_HEADER_BYTES, 0);
  const [header = ''] = buffer.toString('utf8', 0, bytesRead).split('\n', 1);
  if (!isRecordingHeader(header)) throw new Error(NOT_A_RECORDING);
  const last = await handle.read(Buffer.alloc(1), 0, 1, size - 1);
  // A console that was killed may have left an incomplete line.
  return last.buffer.toString() === '\n' ? '' : '\n';
}

function warn(message: string): void {
  process.stderr.write(`console: ${message}\n`);
}
