import { createSocket, type Socket } from 'node:dgram';
import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises';
import type { DaemonEndpoint } from '../../config/network-values.ts';
import { createBatchQueue, type Delivery } from '../delivery/batch-queue.ts';
import type { SinkCounters } from '../delivery/sink-counters.ts';

const MAX_DOCUMENTS = 8192;
const MAX_BYTES = 8 * 1024 * 1024;
const DELAY_MS = 100;
/** The limits for one turn of the event loop. A receiver's default buffer holds twice as much. */
const TURN_DATAGRAMS = 32;
const TURN_BYTES = 64 * 1024;
/** Time for an ICMP refusal to arrive. */
const REFUSAL_MS = 20;
/**
 * Large enough for any datagram. macOS sends none larger than this buffer, which is 9 kB there by default.
 */
const SEND_BUFFER_BYTES = 65_536;

export interface DaemonSender {
  /** Queues a datagram; drops and counts it when the queue is full. */
  send(datagram: Buffer): void;
  /** Sends the queued datagrams. Drops and counts those that are not sent within `budgetMs`. */
  drain(budgetMs: number): Promise<void>;
}

/**
 * Creates a sender of datagrams to the X-Ray daemon. UDP has no acknowledgement, so `sent` means that the
 * kernel took the datagram and no ICMP refusal came back. When nothing listens, a connected socket receives
 * that refusal; the whole batch is then sent again later, because it is unknown which part arrived, and X-Ray
 * keeps one document per id. The host name is resolved when a socket is created, and a new socket is created
 * only after a failure.
 */
export function createDaemonSender({ host, port }: DaemonEndpoint, sink: SinkCounters): DaemonSender {
  let connection: Promise<Socket> | undefined;
  let failure: Error | undefined;

  function connect(): Promise<Socket> {
    const socket = createSocket('udp4').unref();
    socket.on('error', (error) => {
      failure = error;
    });
    return new Promise((resolve, reject) => {
      socket.connect(port, host, (error?: Error) => {
        if (error === undefined) {
          if (socket.getSendBufferSize() < SEND_BUFFER_BYTES) socket.setSendBufferSize(SEND_BUFFER_BYTES);
          resolve(socket);
        } else {
          socket.close();
          reject(error);
        }
      });
    });
  }

  async function disconnect(): Promise<void> {
    const closing = connection;
    connection = undefined;
    const socket = await closing?.catch(() => undefined);
    socket?.close();
  }

  async function deliver(datagrams: readonly Buffer[]): Promise<Delivery> {
    if (failure !== undefined) {
      sink.failed(failure);
      await disconnect();
    }
    failure = undefined;
    try {
      connection ??= connect();
      const rejected = await sendAll(await connection, datagrams);
      await sleep(REFUSAL_MS);
      if (failure !== undefined) throw failure;
      return { rejected, reason: "larger than the system's limit for a datagram" };
    } catch (error) {
      await disconnect();
      throw error;
    }
  }

  const queue = createBatchQueue<Buffer>({
    sink,
    maxItems: MAX_DOCUMENTS,
    maxBytes: MAX_BYTES,
    batchItems: 1024,
    batchBytes: 1024 * 1024,
    delayMs: DELAY_MS,
    concurrency: 1,
    sizeOf: (datagram) => datagram.length,
    deliver,
  });

  return {
    send: queue.add,
    async drain(budgetMs) {
      await queue.drain(budgetMs);
      void disconnect();
    },
  };
}

/**
 * Resolves with the number of datagrams that are too large for the system. Rejects with any other failure.
 */
async function sendAll(socket: Socket, datagrams: readonly Buffer[]): Promise<number> {
  let tooLarge = 0;
  let failure: Error | undefined;
  let turnDatagrams = 0;
  let turnBytes = 0;
  for (const datagram of datagrams) {
    socket.send(datagram, (error) => {
      if (error === null) return;
      if ((error as NodeJS.ErrnoException).code === 'EMSGSIZE') tooLarge += 1;
      else failure = error;
    });
    turnDatagrams += 1;
    turnBytes += datagram.length;
    if (turnDatagrams < TURN_DATAGRAMS && turnBytes < TURN_BYTES) continue;
    await turn();
    turnDatagrams = 0;
    turnBytes = 0;
  }
  await turn();
  if (failure !== undefined) throw failure;
  return tooLarge;
}
