import type { FileHandle } from 'node:fs/promises';

/** In characters. At 5,000 spans and as many log lines a second the disk may stand still for 2 s. */
const MAX_WAITING = 16 * 1024 * 1024;
const RETRY_MS = 1000;
const NEWLINE = 0x0a;

export interface AppendWriter {
  /** Lines that are in the file. */
  readonly saved: number;
  /** Lines that found no room among those that wait to be written, or could not be written before the end. */
  readonly lost: number;
  /** Why lines cannot be written at present. */
  readonly fault: unknown;
  append(line: string): void;
  /** Writes what waits, if it can be written, and closes the file. */
  close(): Promise<void>;
}

/**
 * Appends lines to a file in the background, as many at once as have come meanwhile. After a failure it goes on where it
 * was: what waits, up to a bound, is in the file once there is room again. `onFault` is called at the first failure.
 */
export function createAppendWriter(handle: FileHandle, onFault: () => void): AppendWriter {
  let waiting: string[] = [];
  let waitingLength = 0;
  let batch = Buffer.alloc(0);
  let saved = 0;
  let lost = 0;
  let fault: unknown;
  let isTold = false;
  let writing: Promise<void> | undefined;
  let retry: NodeJS.Timeout | undefined;

  async function writeAll(): Promise<void> {
    while (batch.length > 0 || waiting.length > 0) {
      if (batch.length === 0) takeBatch();
      const { bytesWritten } = await handle.write(batch);
      saved += countLines(batch.subarray(0, bytesWritten));
      batch = batch.subarray(bytesWritten);
      fault = undefined;
    }
  }

  function takeBatch(): void {
    batch = Buffer.from(`${waiting.join('\n')}\n`);
    waiting = [];
    waitingLength = 0;
  }

  function write(): Promise<void> {
    writing ??= writeAll()
      .catch((error) => {
        retry = setTimeout(write, RETRY_MS);
        setFault(error);
      })
      .finally(() => {
        writing = undefined;
        // It may have come since the last look.
        if (waiting.length > 0 && fault === undefined) write();
      });
    return writing;
  }

  function setFault(error: unknown): void {
    fault = error;
    if (!isTold) onFault();
    isTold = true;
  }

  return {
    get saved() {
      return saved;
    },
    get lost() {
      return lost;
    },
    get fault() {
      return fault;
    },
    append(line) {
      if (waitingLength > MAX_WAITING) {
        lost += 1;
        if (fault === undefined) setFault(new Error('the disk is too slow'));
        return;
      }
      waiting.push(line);
      waitingLength += line.length;
      if (fault === undefined) write();
    },
    async close() {
      await writing;
      await write();
      clearTimeout(retry);
      lost += countLines(batch) + waiting.length;
      await handle.close();
    },
  };
}

function countLines(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(NEWLINE); at >= 0; at = bytes.indexOf(NEWLINE, at + 1)) count += 1;
  return count;
}
