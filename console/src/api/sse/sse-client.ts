import type { ServerResponse } from 'node:http';
import type { SummaryBatches } from './summary-batches.ts';

const MAX_UNSENT_BYTES = 1024 * 1024;
const HEARTBEAT_MS = 15_000;

export interface SseClient {
  /** Sends an event. Disconnects a client that is too far behind; it reconnects and catches up. */
  send(event: string): void;
  /** Sends the traces that changed since the last call, or since `revision`. */
  advance(revision?: number): void;
  /** Sends `cleared`: everything up to `revision` is void. */
  clear(revision: number): void;
}

export interface SseClientOptions {
  readonly response: ServerResponse;
  readonly epoch: string;
  readonly batches: SummaryBatches;
}

/** Tracks what one client of the event stream has received. */
export function createSseClient({ response, epoch, batches }: SseClientOptions): SseClient {
  let seen = 0;
  let isBehind = false;

  function send(event: string): void {
    if (response.writableLength > MAX_UNSENT_BYTES) response.destroy();
    else response.write(event);
  }

  /** A slow client has no queue: its next batch is built from the latest state when its connection drains. */
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
