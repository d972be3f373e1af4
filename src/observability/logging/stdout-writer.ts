import type { Writable } from 'node:stream';
import { settleWithin } from '../../lib/with-timeout.ts';

/** Bounds what waits for a reader that is slower than the service, in bytes (in UTF-16 units until it is written). */
const MOST_WAITING = 8 * 1024 * 1024;

/** Failures after which no write to a stream succeeds again. */
const FINAL = new Set(['EPIPE', 'ERR_STREAM_DESTROYED', 'ERR_STREAM_WRITE_AFTER_END']);

export type LineStream = Writable & { readonly isTTY?: boolean };

/** A write's callback deals with its failure; without a listener, the event would end the process. */
function ignore(): void {}

/** A bounded buffer in front of a stream of lines. */
export interface LineWriter {
  /** Takes a line without its end. Never throws, never waits. */
  write(line: string): void;
  /** Resolves when the stream has taken all lines, or after `budgetMs`. Each line after that is a write of its own. */
  drain(budgetMs: number): Promise<void>;
}

/**
 * Creates the buffer. The lines of one turn of the event loop leave in one write; at exit they leave at once. Lines that
 * a slow reader leaves no room for, or that the stream fails to write, are counted; `describeLoss` makes the line that
 * says so, written in front of the next one. Nothing is written to a reader that went away.
 */
export function createLineWriter(stream: LineStream, describeLoss: (lines: number) => string): LineWriter {
  let waiting: string[] = [];
  let waitingSize = 0;
  let lost = 0;
  let underWay = 0;
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
    underWay += 1;
    stream.write(text, (error) => written(error, lostBefore + lines));
  }

  function written(error: NodeJS.ErrnoException | null | undefined, lines: number): void {
    underWay -= 1;
    if (error) {
      lost += lines;
      gone ||= FINAL.has(error.code ?? '');
    }
    if (underWay === 0) idle?.();
  }

  return {
    write(line) {
      if (gone) return;
      if (waitingSize + stream.writableLength > MOST_WAITING) {
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
      if (underWay === 0) return;
      const { promise, resolve } = Promise.withResolvers<void>();
      idle = resolve;
      await settleWithin(budgetMs, promise);
    },
  };
}
