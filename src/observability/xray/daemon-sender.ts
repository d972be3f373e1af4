import { createSocket, type Socket } from 'node:dgram';
import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises';
import type { DaemonEndpoint } from '../../config/values.ts';
import { createBatchQueue, type Delivery } from '../delivery/batch-queue.ts';
import type { SinkCounters } from '../delivery/sink-counters.ts';

const MAX_DOCUMENTS = 8192;
const MAX_BYTES = 8 * 1024 * 1024;
const DELAY_MS = 100;
/** What goes out in one turn of the event loop: a receiver's default buffer holds twice as much. */
const TURN_DATAGRAMS = 32;
const TURN_BYTES = 64 * 1024;
/** How long a refusal may take to come back. */
const REFUSAL_MS = 20;
/** Of a whole datagram. macOS takes no larger one than this buffer, which is 9 kB there by default. */
const SEND_BUFFER_BYTES = 65_536;

export interface DaemonSender {
  /** Takes a datagram, or drops and counts it when there is no room. */
  send(datagram: Buffer): void;
  /** Sends what is left; what is not with the daemon's host `budgetMs` from now is dropped and counted. */
  drain(budgetMs: number): Promise<void>;
}

/**
 * Sends datagrams to the X-Ray daemon. UDP acknowledges nothing, so `sent` means: handed to the kernel, and no refusal
 * came back at once. A connected socket hears the refusal (ICMP) when nothing listens; then all that went out together
 * is sent again later, since nobody can tell which part arrived, and X-Ray keeps one document an id. The host name is
 * resolved when the socket is made, and a new one is made only after a failure.
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
      return { rejected, reason: 'larger than the system lets a datagram be' };
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

/** Resolves with the number of datagrams too large for the system, rejects with any other failure. */
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
