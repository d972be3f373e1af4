import type { DaemonEndpoint } from '../../config/variables/network-values.ts';
import { type BatchQueue, createBatchQueue } from '../delivery/batch-queue.ts';
import type { SinkCounters } from '../delivery/sink-counters.ts';
import { type ArenaString, createStringArena } from '../delivery/string-arena.ts';
import { createLookUps } from './daemon/look-ups.ts';
import { type LookUp, lookUpName } from './daemon/names.ts';
import { createWatchedDaemon } from './daemon/watched-daemon.ts';

const MAX_DOCUMENTS = 8192;
const MAX_BYTES = 8 * 1024 * 1024;
const DELAY_MS = 100;
const LONG_TEXT = 16_384;
const LOOK_UP_EVERY_MS = 30_000;

export interface DaemonSender extends Pick<BatchQueue<ArenaString>, 'isFull' | 'drop'> {
  /** Queues a datagram; drops and counts it when the queue is full. */
  send(datagram: string): void;
  /** Sends the queued datagrams. Drops and counts those that are not sent within `budgetMs`. */
  drain(budgetMs: number): Promise<void>;
}

export interface DaemonSenderOptions {
  /** Default: the system's own look-up. */
  readonly lookUp?: LookUp;
  /** Time between two look-ups of a name, while there are datagrams. Default: 30 s. */
  readonly lookUpEveryMs?: number;
}

/**
 * Creates a sender of datagrams to the X-Ray daemon. UDP has no acknowledgement. Where nothing listens, the
 * kernel reports a refusal; the whole batch is then sent again later, because it is unknown which part
 * arrived, and X-Ray keeps one document per id. Where the daemon has left an address, as a container does
 * that is started anew, nothing reports it; `createWatchedDaemon` finds out.
 */
export function createDaemonSender(
  endpoint: DaemonEndpoint,
  sink: SinkCounters,
  { lookUp = lookUpName, lookUpEveryMs = LOOK_UP_EVERY_MS }: DaemonSenderOptions = {},
): DaemonSender {
  const arena = createStringArena();
  const daemon = createWatchedDaemon(endpoint, sink, createLookUps(endpoint.host, lookUp, lookUpEveryMs));
  /** Those of the last batch that the kernel took. The queue counts each batch before it sends the next. */
  let taken: readonly ArenaString[] = [];

  const queue = createBatchQueue<ArenaString>({
    sink: { ...sink, sent: () => daemon.taken(taken) },
    maxItems: MAX_DOCUMENTS,
    maxBytes: MAX_BYTES,
    batchItems: 1024,
    batchBytes: 1024 * 1024,
    delayMs: DELAY_MS,
    concurrency: 1,
    sizeOf: ({ start, end }) => end - start,
    release: arena.release,
    async deliver(datagrams) {
      taken = await daemon.send(datagrams);
      return {
        rejected: datagrams.length - taken.length,
        reason: "larger than the system's limit for a datagram",
      };
    },
  });

  return {
    // The arena reserves three bytes for each character of a text.
    send: (text) => queue.add(arena.write(text.length > LONG_TEXT ? Buffer.from(text) : text)),
    isFull: queue.isFull,
    drop: queue.drop,
    async drain(budgetMs) {
      const end = performance.now() + budgetMs;
      await queue.drain(budgetMs);
      await daemon.close(Math.max(0, end - performance.now()));
    },
  };
}
