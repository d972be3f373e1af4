import type { Writable } from 'node:stream';
import { settleWithin } from '../../lib/with-timeout.ts';

/** Maximum size of the text that waits for a slow reader: UTF-16 units before the write, bytes after it. */
const MAX_WAITING = 8 * 1024 * 1024;

/** Errors after which every further write to the stream fails. */
const FINAL = new Set(['EPIPE', 'ERR_STREAM_DESTROYED', 'ERR_STREAM_WRITE_AFTER_END']);

export type LineStream = Writable & { readonly isTTY?: boolean };

/** Each write's callback handles its error, but an `error` event without a listener would end the process. */
function ignore(): void {}

/** A bounded buffer in front of a stream of lines. */
export interface StdoutWriter {
  /** Writes a line, given without its line end. Never throws, never waits. */
  write(line: string): void;
  /**
   * Resolves once the stream has accepted all lines, or after `budgetMs`. Later lines are written one by one.
   */
  drain(budgetMs: number): Promise<void>;
}

/**
 * Creates the buffer. It writes the lines of one turn of the event loop together, and at process exit
 * immediately. It counts lines that do not fit because the reader is slow, and lines that the stream fails to
 * write; `describeLoss` formats the line that reports the count, written before the next line. It stops
 * writing once the reader has closed the stream.
 */
export function createStdoutWriter(
  stream: LineStream,
  describeLoss: (lines: number) => string,
): StdoutWriter {
  let waiting: string[] = [];
  let waitingSize = 0;
  let lost = 0;
  let inFlight = 0;
  let gone = false;
  let drained = false;
  let idle: (() => void) | undefined;

  if (!stream.listeners('error').includes(ignore)) stream.on('error', ignore);

  function flush(): void {
    process.off('exit', flush);
    if (waiting.length === 0) return;
    const lines = waiting.length;
    const lostBefore = lost;
    if (lostBefore > 0) waiting.unshift(describeLoss(lostBefore));
    const text = `${waiting.join('\n')}\n`;
    waiting = [];
    waitingSize = 0;
    lost = 0;
    inFlight += 1;
    stream.write(text, (error) => written(error, lostBefore + lines));
  }

  function written(error: NodeJS.ErrnoException | null | undefined, lines: number): void {
    inFlight -= 1;
    if (error) {
      lost += lines;
      gone ||= FINAL.has(error.code ?? '');
    }
    if (inFlight === 0) idle?.();
  }

  return {
    write(line) {
      if (gone) return;
      if (waitingSize + stream.writableLength > MAX_WAITING) {
        lost += 1;
        return;
      }
      waiting.push(line);
      waitingSize += line.length;
      if (drained) flush();
      else if (waiting.length === 1) {
        process.on('exit', flush);
        setImmediate(flush);
      }
    },

    async drain(budgetMs) {
      drained = true;
      flush();
      if (inFlight === 0) return;
      const { promise, resolve } = Promise.withResolvers<void>();
      idle = resolve;
      await settleWithin(budgetMs, promise);
    },
  };
}
