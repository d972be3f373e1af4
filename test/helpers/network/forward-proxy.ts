import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { join } from 'node:path';
import { answerAs } from './faulty-answers.ts';

const TLS = join(import.meta.dirname, '../../fixtures/tls');

/** PEM file of the authority that signed the certificate of every host behind the proxy. */
export const AUTHORITY = join(TLS, 'ca.crt');

/**
 * How the proxy answers: as a proxy does, never, by closing the connection, with what is no HTTP, or with a
 * status and a page.
 */
export type ProxyMode = 'ok' | 'hang' | 'close' | 'garbage' | 'hang-behind' | { readonly status: number };

export interface ForwardProxy {
  readonly port: number;
  /** `<method> <target>` of each request so far: `CONNECT host:443`, or `POST http://host/path`. */
  targets(): readonly string[];
  /** The value of `Proxy-Authorization` of each request. */
  credentials(): readonly (string | undefined)[];
  /** The number of open connections. */
  connections(): number;
  become(mode: ProxyMode): void;
  close(): Promise<void>;
}

/**
 * Starts a forward proxy, and behind it an internet in which every host is the receiver at the origin
 * `receiver`, over http and https. No name is looked up.
 */
export async function startForwardProxy(receiver: string, initial: ProxyMode = 'ok'): Promise<ForwardProxy> {
  let mode = initial;
  const targets: string[] = [];
  const credentials: (string | undefined)[] = [];
  const sockets = new Set<Socket>();
  const [key, cert] = ['server.key', 'server.crt'].map((name) => readFileSync(join(TLS, name)));
  const passOn = (request: IncomingMessage, response: ServerResponse) =>
    answerAs('ok', request, response, receiver);
  const internet = createHttpsServer({ key, cert }, passOn);
  const unencrypted = createServer(passOn);
  const record = (request: IncomingMessage) => {
    targets.push(`${request.method} ${request.url}`);
    credentials.push(request.headers['proxy-authorization']);
  };

  const server = createServer((request, response) => {
    record(request);
    const { pathname, search } = new URL(request.url ?? '');
    request.url = pathname + search;
    if (mode === 'close') request.socket.destroy();
    else if (typeof mode === 'object')
      response.writeHead(mode.status, { 'content-type': 'text/html' }).end('<p>no');
    else if (mode === 'ok') passOn(request, response);
  });
  server.on('connect', (request: IncomingMessage, socket: Socket) => {
    record(request);
    if (mode === 'close') socket.end();
    else if (mode === 'garbage') socket.end('220 mail ready\r\n\r\n');
    else if (typeof mode === 'object') {
      socket.end(`HTTP/1.1 ${mode.status} No\r\ncontent-type: text/html\r\n\r\n<p>no`);
    } else if (mode === 'hang') {
      socket.resume().on('end', () => socket.end());
    } else {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      if (mode === 'ok') (request.url?.endsWith(':80') ? unencrypted : internet).emit('connection', socket);
      else socket.resume().on('end', () => socket.end());
    }
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    targets: () => targets,
    credentials: () => credentials,
    connections: () => sockets.size,
    become: (next) => {
      mode = next;
    },
    async close() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
