import { open } from 'node:fs/promises';
import { UnreadableInput } from '../http/receiver.ts';
import type { Journal } from '../journal/journal.ts';
import { readEntry } from './read-entry.ts';
import { readLines } from './read-lines.ts';
import { describeSystemError, RecordingError } from './recording-error.ts';
import { isRecordingHeader, NOT_A_RECORDING, RECORDING_HEADER } from './recording-header.ts';

/** Bodies have at most 20 MiB, and no entry is much larger. */
const MAX_LINE_BYTES = 64 * 1024 * 1024;
const CHUNK_BYTES = 256 * 1024;

export interface LoadedRecording {
  readonly file: string;
  readonly entries: number;
  /** The number of unreadable lines. The journal has the reasons. */
  readonly unread: number;
}

/**
 * Adds a recording to the journal, line by line. Of a file that is larger than the journal, the newest traces
 * remain. Throws `RecordingError` when the file does not exist or is not a recording.
 */
export async function loadRecording(file: string, journal: Journal): Promise<LoadedRecording> {
  const refuse = (reason: string) => new RecordingError(`cannot load ${file}: ${reason}`);
  const handle = await open(file).catch((error) => {
    throw refuse(describeSystemError(error));
  });
  let number = 0;
  let entries = 0;
  let unread = 0;

  function read(line: string | undefined): void {
    try {
      if (line === undefined) throw new UnreadableInput(413, `longer than ${MAX_LINE_BYTES} bytes`);
      journal.add(readEntry(line));
      entries += 1;
    } catch (error) {
      unread += 1;
      const reason = error instanceof UnreadableInput ? error.message : String(error);
      journal.recordUnreadable('unknown', `line ${number} of ${file}: ${reason}`, line?.slice(0, 1000) ?? '');
    }
  }

  try {
    const chunks = handle.createReadStream({ highWaterMark: CHUNK_BYTES });
    for await (const line of readLines(chunks, MAX_LINE_BYTES)) {
      number += 1;
      // Recordings may have been joined or cut, so that a header may be missing or in between.
      const isHeader = number === 1 ? isRecordingHeader(line ?? '') : line === RECORDING_HEADER;
      if (!isHeader && line !== '') read(line);
    }
    if (entries === 0 && unread > 0) throw new Error(NOT_A_RECORDING);
  } catch (error) {
    throw refuse(describeSystemError(error));
  } finally {
    await handle.close();
  }
  return { file, entries, unread };
}
