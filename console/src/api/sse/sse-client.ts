import type { ServerResponse } from 'node:http';
import type { SummaryBatches } from './summary-batches.ts';

const MAX_UNSENT_BYTES = 1024 * 1024;
const HEARTBEAT_MS = 15_000;

export interface SseClient {
  /** Sends an event; a reader that is too far behind is dropped instead. It comes back, and catches up. */
  send(event: string): void;
  /** Sends the traces that changed since the last ones, or since `revision`. */
  advance(revision?: number): void;
  /** Sends word that nothing before `revision` counts any more. */
  clear(revision: number): void;
}

export interface SseClientOptions {
  readonly response: ServerResponse;
  readonly epoch: string;
  readonly batches: SummaryBatches;
}

/** One reader of the live stream, and how far it has got. */
export function createSseClient({ response, epoch, batches }: SseClientOptions): SseClient {
  let seen = 0;
  let isBehind = false;

  function send(event: string): void {
    if (response.writableLength > MAX_UNSENT_BYTES) response.destroy();
    else response.write(event);
  }

  /** What waits for a slow reader is not a queue: it is cut anew, in its latest state, when there is room. */
  function advance(revision = seen): void {
    seen = revision;
    if (isBehind || response.destroyed) return;
    const batch = batches.after(seen);
    if (batch === undefined) return;
    seen = batch.revision;
    send(`id: ${epoch}:${seen}\nevent: traces\ndata: ${batch.json}\n\n`);
    isBehind = batch.more;
    if (!isBehind) return;
    if (response.writableNeedDrain) response.once('drain', catchUp);
    else setImmediate(catchUp);
  }

  function catchUp(): void {
    isBehind = false;
    advance();
  }

  const heartbeat = setInterval(() => send(':\n\n'), HEARTBEAT_MS);
  response.once('close', () => clearInterval(heartbeat));

  return {
    send,
    advance,
    clear(revision) {
      seen = revision;
      send(`id: ${epoch}:${revision}\nevent: cleared\ndata: {}\n\n`);
    },
  };
}
