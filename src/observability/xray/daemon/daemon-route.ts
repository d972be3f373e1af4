import type { DaemonEndpoint } from '../../../config/variables/network-values.ts';
import type { ArenaString } from '../../delivery/string-arena.ts';
import { connectSocket, type DaemonSocket } from './daemon-socket.ts';

/** The way to the daemon: the addresses of its name, and a socket that is connected to one of them. */
export interface DaemonRoute {
  /** Whether the name has to be looked up before anything can be sent. */
  isUnknown(): boolean;
  /** Takes the result of a look-up. Returns whether the address in use has moved. */
  resolved(addresses: readonly string[]): boolean;
  /** A refusal that arrived after `send` had resolved. */
  failure(): Error | undefined;
  /** Closes the socket and forgets the addresses. */
  forget(): void;
  /**
   * Sends to the address in use, or else to the first one that does not fail. Rejects when all of them fail.
   */
  send(datagrams: readonly ArenaString[]): Promise<readonly ArenaString[]>;
}

/** Creates the route. Nothing is connected before the first datagram. */
export function createDaemonRoute({ port }: DaemonEndpoint): DaemonRoute {
  let addresses: readonly string[] = [];
  let socket: DaemonSocket | undefined;

  function close(): void {
    socket?.close();
    socket = undefined;
  }

  async function sendTo(address: string, datagrams: readonly ArenaString[]): Promise<readonly ArenaString[]> {
    if (socket?.address !== address) {
      close();
      socket = await connectSocket(address, port);
    }
    return socket.send(datagrams);
  }

  return {
    isUnknown: () => addresses.length === 0,
    resolved(found) {
      addresses = found;
      if (socket === undefined || found.includes(socket.address)) return false;
      close();
      return true;
    },
    failure: () => socket?.failure(),
    forget() {
      close();
      addresses = [];
    },
    async send(datagrams) {
      const inUse = socket?.address;
      const others = addresses.filter((address) => address !== inUse);
      let failure: unknown = new Error('the name of the daemon has no address');
      for (const address of inUse === undefined ? others : [inUse, ...others]) {
        try {
          return await sendTo(address, datagrams);
        } catch (error) {
          failure = error;
          close();
        }
      }
      throw failure;
    },
  };
}
