import { createSocket } from 'node:dgram';
import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from 'node:net';

/** How a server mistreats its clients. */
export type HostileMode =
  /** Reads the request, never answers. */
  | 'hang'
  /** Resets the connection when a request arrives. */
  | 'reset'
  /** 200, `null`. */
  | 'null'
  /** 200, a body that is not JSON. */
  | 'garbage'
  /** 200, a body without end. */
  | 'huge'
  /** Behaves: passes the request on to `healthy`, or answers 200 `{}`. */
  | 'ok'
  /** Behaves, after `slow` milliseconds. */
  | { readonly slow: number }
  | { readonly status: number; readonly headers?: Record<string, string>; readonly body?: string };

export interface HostileServer {
  readonly url: string;
  readonly port: number;
  /** Requests seen so far. */
  requests(): number;
  /** Changes the behaviour for requests from now on; those that hang are reset, as when a host comes back. */
  become(mode: HostileMode): void;
  close(): Promise<void>;
}

/**
 * Starts an HTTP server that stands where a sink should be. `healthy` is the origin of a real receiver,
 * such as `receivers.url`, to which it passes requests on when it behaves.
 */
export async function startHostileServer(mode: HostileMode, healthy?: string): Promise<HostileServer> {
  let current = mode;
  let seen = 0;
  const waiting = new Set<ServerResponse>();
  const server = createServer((request, response) => {
    seen += 1;
    response.on('close', () => waiting.delete(response));
    response.on('error', () => {});
    if (current === 'reset') {
      request.socket.resetAndDestroy();
    } else if (current === 'hang') {
      waiting.add(response);
      request.resume();
    } else {
      answer(current, request, response, healthy);
    }
  });
  const sockets = trackSockets(server);
  const port = await listen(server);
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    requests: () => seen,
    become: (next) => {
      current = next;
      for (const response of waiting) response.socket?.resetAndDestroy();
    },
    close: () => closeAll(server, sockets),
  };
}

/** A host that accepts connections, reads nothing and answers nothing. */
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

/** A bound UDP port that takes datagrams and does nothing with them. */
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

/** A port of this machine on which nothing listens. */
export async function refusedPort(): Promise<number> {
  const server = createTcpServer();
  const port = await listen(server);
  await closeAll(server, new Set());
  return port;
}

function answer(
  mode: HostileMode,
  request: IncomingMessage,
  response: ServerResponse,
  healthy: string | undefined,
): void {
  if (mode === 'ok') {
    behave(request, response, healthy);
    return;
  }
  if (typeof mode === 'object' && 'slow' in mode) {
    const timer = setTimeout(() => behave(request, response, healthy), mode.slow);
    response.on('close', () => clearTimeout(timer));
    return;
  }
  request.resume();
  if (typeof mode === 'object') {
    response.writeHead(mode.status, mode.headers).end(mode.body);
    return;
  }
  response.writeHead(200, { 'content-type': 'application/json' });
  if (mode === 'huge') pour(response);
  else response.end(mode === 'null' ? 'null' : '<html>It works!</html>');
}

function behave(request: IncomingMessage, response: ServerResponse, healthy: string | undefined): void {
  if (!healthy) {
    request.resume();
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    return;
  }
  const upstream = httpRequest(
    new URL(request.url ?? '/', healthy),
    { method: request.method, headers: request.headers, agent: false },
    (answered) => {
      response.writeHead(answered.statusCode ?? 502, answered.headers);
      answered.pipe(response);
    },
  );
  upstream.on('error', () => response.destroy());
  request.pipe(upstream);
}

function pour(response: ServerResponse): void {
  const chunk = Buffer.alloc(64 * 1024, '{"a":');
  const write = () => {
    while (!response.destroyed && response.write(chunk));
  };
  response.on('drain', write);
  write();
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
