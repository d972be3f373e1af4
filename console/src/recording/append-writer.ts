import type { FileHandle } from 'node:fs/promises';

/** In characters: enough for a pause of the disk of 2 s at 5,000 spans and 5,000 log lines per second. */
const MAX_QUEUED = 16 * 1024 * 1024;
const RETRY_MS = 1000;
const NEWLINE = 0x0a;

export interface AppendWriter {
  /** The number of lines in the file. */
  readonly saved: number;
  /** The number of lines that were dropped because the queue was full, or not written before the end. */
  readonly lost: number;
  /** Why the last write failed; undefined after a successful one. */
  readonly fault: unknown;
  append(line: string): void;
  /** Tries to write the queue, and closes the file. */
  close(): Promise<void>;
}

/**
 * Appends lines to a file in the background, all queued lines per write. After a failed or partial write it
 * retries from the same byte, which a `WriteStream` cannot do. Calls `onFault` after the first failure.
 */
export function createAppendWriter(handle: FileHandle, onFault: () => void): AppendWriter {
  let queue: string[] = [];
  let queuedLength = 0;
  let batch = Buffer.alloc(0);
  let saved = 0;
  let lost = 0;
  let fault: unknown;
  let hasFailed = false;
  let writing: Promise<void> | undefined;
  let retry: NodeJS.Timeout | undefined;

  async function writeAll(): Promise<void> {
    while (batch.length > 0 || queue.length > 0) {
      if (batch.length === 0) takeBatch();
      const { bytesWritten } = await handle.write(batch);
      saved += countLines(batch.subarray(0, bytesWritten));
      batch = batch.subarray(bytesWritten);
      fault = undefined;
    }
  }

  function takeBatch(): void {
    batch = Buffer.from(`${queue.join('\n')}\n`);
    queue = [];
    queuedLength = 0;
  }

  function write(): Promise<void> {
    writing ??= writeAll()
      .catch((error) => {
        retry = setTimeout(write, RETRY_MS);
        setFault(error);
      })
      .finally(() => {
        writing = undefined;
        // Lines may have been queued since the last check.
        if (queue.length > 0 && fault === undefined) write();
      });
    return writing;
  }

  function setFault(error: unknown): void {
    fault = error;
    if (!hasFailed) onFault();
    hasFailed = true;
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
      if (queuedLength > MAX_QUEUED) {
        lost += 1;
        if (fault === undefined) setFault(new Error('the disk is too slow'));
        return;
      }
      queue.push(line);
      queuedLength += line.length;
      if (fault === undefined) write();
    },
    async close() {
      await writing;
      await write();
      clearTimeout(retry);
      lost += countLines(batch) + queue.length;
      await handle.close();
    },
  };
}

function countLines(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(NEWLINE); at >= 0; at = bytes.indexOf(NEWLINE, at + 1)) count += 1;
  return count;
}
