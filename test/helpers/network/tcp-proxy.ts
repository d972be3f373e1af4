import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** A TCP connection between a client and a server that a test can break. */
export interface TcpProxy {
  /** The given URL with the address of the proxy. */
  readonly url: string;
  /** Resets all connections and refuses new ones until `open`. */
  shut(): Promise<void>;
  /** Keeps all connections, old and new, and drops their data until `open`. */
  stall(): void;
  open(): Promise<void>;
  close(): Promise<void>;
}

/** Starts a proxy in front of the server of `url`. */
export async function createTcpProxy(url: string): Promise<TcpProxy> {
  const target = new URL(url);
  const sockets = new Set<Socket>();
  let stalled = false;
  let server: Server | undefined;

  function keep(socket: Socket, other: Socket): void {
    sockets.add(socket);
    socket.on('data', (chunk) => stalled || other.write(chunk));
    socket.on('error', () => other.destroy());
    socket.on('close', () => {
      sockets.delete(socket);
      other.destroy();
    });
  }

  async function listen(port: number): Promise<number> {
    server = createServer((near) => {
      const far = connect(Number(target.port), target.hostname);
      keep(near, far);
      keep(far, near);
    }).listen(port, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  }

  async function shut(): Promise<void> {
    const closed = server && once(server, 'close');
    server?.close();
    server = undefined;
    for (const socket of sockets) socket.resetAndDestroy();
    await closed;
  }

  const port = await listen(0);
  const proxied = new URL(target);
  proxied.host = `127.0.0.1:${port}`;
  return {
    url: proxied.href,
    shut,
    stall() {
      stalled = true;
    },
    async open() {
      stalled = false;
      if (server === undefined) await listen(port);
    },
    close: shut,
  };
}
