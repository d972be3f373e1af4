import { createSocket, type Socket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises';
import type { ArenaString } from '../../delivery/string-arena.ts';

/**
 * The most that is sent at once, and the pause after it: 4,000 datagrams per second. A receiver's default
 * buffer holds twice as much; what does not fit is lost, and nobody is told.
 */
const BURST_DATAGRAMS = 32;
const BURST_BYTES = 64 * 1024;
const BURST_PAUSE_MS = 8;
/** Time for an ICMP refusal to arrive. */
const REFUSAL_MS = 20;
/**
 * Large enough for any datagram. macOS sends none larger than this buffer, which is 9 kB there by default.
 */
const SEND_BUFFER_BYTES = 65_536;

/** A socket that is connected to one address, so that it receives ICMP refusals. */
export interface DaemonSocket {
  readonly address: string;
  /**
   * Sends the datagrams and resolves with those that the kernel took; the others are too large for the
   * system. Rejects with any other failure, and with a refusal that arrives within 20 ms.
   */
  send(datagrams: readonly ArenaString[]): Promise<readonly ArenaString[]>;
  /** A refusal that arrived later. */
  failure(): Error | undefined;
  close(): void;
}

/** Connects a socket of the address's family. `address` is no name. */
export async function connectSocket(address: string, port: number): Promise<DaemonSocket> {
  const socket = createSocket(isIPv6(address) ? 'udp6' : 'udp4').unref();
  let failure: Error | undefined;
  socket.on('error', (error) => {
    failure = error;
  });
  try {
    await connect(socket, address, port);
  } catch (error) {
    socket.close();
    throw error;
  }
  return {
    address,
    failure: () => failure,
    close: () => socket.close(),
    async send(datagrams) {
      const taken = await sendAll(socket, datagrams);
      await sleep(REFUSAL_MS);
      if (failure !== undefined) throw failure;
      return taken;
    },
  };
}

function connect(socket: Socket, address: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.connect(port, address, (error?: Error) => {
      if (error !== undefined) return reject(error);
      if (socket.getSendBufferSize() < SEND_BUFFER_BYTES) socket.setSendBufferSize(SEND_BUFFER_BYTES);
      resolve();
    });
  });
}

async function sendAll(socket: Socket, datagrams: readonly ArenaString[]): Promise<readonly ArenaString[]> {
  const tooLarge = new Set<ArenaString>();
  let failure: Error | undefined;
  let burstDatagrams = 0;
  let burstBytes = 0;
  for (const datagram of datagrams) {
    const { page, start, end } = datagram;
    socket.send(page.bytes, start, end - start, (error) => {
      if (error === null) return;
      if ((error as NodeJS.ErrnoException).code === 'EMSGSIZE') tooLarge.add(datagram);
      else failure = error;
    });
    burstDatagrams += 1;
    burstBytes += end - start;
    if (burstDatagrams < BURST_DATAGRAMS && burstBytes < BURST_BYTES) continue;
    await sleep(BURST_PAUSE_MS);
    burstDatagrams = 0;
    burstBytes = 0;
  }
  await turn();
  if (failure !== undefined) throw failure;
  return tooLarge.size === 0 ? datagrams : datagrams.filter((datagram) => !tooLarge.has(datagram));
}
