import { createSocket } from 'node:dgram';
import { createServer, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { answerAs, type FaultMode } from './faulty-answers.ts';

export type { FaultMode };

export interface FaultyServer {
  readonly url: string;
  readonly port: number;
  /** The number of requests so far. */
  requests(): number;
  /** Their paths and queries. */
  targets(): readonly string[];
  /** Changes the mode for new requests. Resets those that hang, as a host that restarts does. */
  become(mode: FaultMode): void;
  close(): Promise<void>;
}

/**
 * Starts an HTTP server in place of a sink's back end. `healthy` is the origin of a real receiver, such as
 * `receivers.url`, to which the mode `ok` passes requests on.
 */
export async function startFaultyServer(mode: FaultMode, healthy?: string): Promise<FaultyServer> {
  let current = mode;
  const targets: string[] = [];
  const waiting = new Set<ServerResponse>();
  const server = createServer((request, response) => {
    targets.push(request.url ?? '');
    response.on('close', () => waiting.delete(response));
    response.on('error', () => {});
    if (current === 'reset') {
      request.socket.resetAndDestroy();
    } else if (current === 'hang') {
      waiting.add(response);
      request.resume();
    } else {
      answerAs(current, request, response, healthy);
    }
  });
  const sockets = trackSockets(server);
  const port = await listen(server);
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    requests: () => targets.length,
    targets: () => targets,
    become: (next) => {
      current = next;
      for (const response of waiting) response.socket?.resetAndDestroy();
    },
    close: () => closeAll(server, sockets),
  };
}

/** Starts a server that accepts connections, reads nothing and answers nothing. */
export async function startTcpBlackHole(): Promise<{
  port: number;
  connections(): number;
  close(): Promise<void>;
}> {
  let accepted = 0;
  const server = createTcpServer({ pauseOnConnect: true }, () => {
    accepted += 1;
  });
  const sockets = trackSockets(server);
  const port = await listen(server);
  return { port, connections: () => accepted, close: () => closeAll(server, sockets) };
}

/** Binds a UDP port that receives datagrams and discards them. */
export async function startUdpBlackHole(): Promise<{
  port: number;
  datagrams(): number;
  close(): Promise<void>;
}> {
  let received = 0;
  const socket = createSocket('udp4', () => {
    received += 1;
  });
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  return {
    port: socket.address().port,
    datagrams: () => received,
    close: () => new Promise((resolve) => socket.close(() => resolve())),
  };
}

function trackSockets(server: Server): Set<Socket> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
  });
  return sockets;
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}

function closeAll(server: Server, sockets: ReadonlySet<Socket>): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    for (const socket of sockets) socket.destroy();
  });
}
