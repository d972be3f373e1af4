import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';

/** A proxy in front of a UDP port of this machine that a test can close. */
export interface UdpProxy {
  readonly port: number;
  /** Closes the port, so that the sender gets refusals. */
  shut(): Promise<void>;
  open(): Promise<void>;
  close(): Promise<void>;
}

/** Starts a proxy in front of `target`, a port of this machine. */
export async function createUdpProxy(target: number): Promise<UdpProxy> {
  let near: Socket | undefined;
  const far = createSocket('udp4');

  async function bind(port: number): Promise<number> {
    near = createSocket('udp4', (datagram) => far.send(datagram, target, '127.0.0.1')).bind(
      port,
      '127.0.0.1',
    );
    await once(near, 'listening');
    return near.address().port;
  }

  async function shut(): Promise<void> {
    const socket = near;
    near = undefined;
    if (socket !== undefined) await new Promise<void>((resolve) => socket.close(() => resolve()));
  }

  const port = await bind(0);
  return {
    port,
    shut,
    async open() {
      if (near === undefined) await bind(port);
    },
    async close() {
      await shut();
      far.close();
    },
  };
}
