import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer as createHttp2 } from 'node:http2';
import { createServer as createHttps } from 'node:https';
import { type AddressInfo, createServer as createTcp, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { createServer as createTls, TLSSocket } from 'node:tls';

const FOLDER = join(import.meta.dirname, '../../fixtures/tls');
const [key, cert] = ['server.key', 'server.crt'].map((name) => readFileSync(join(FOLDER, name)));

/** Servers that are at the address of a back end by mistake, by name; each is on a port of 127.0.0.1. */
const FOREIGN_SERVERS = {
  https: () => createHttps({ key, cert }, (_request, response) => response.end('{}')),
  grpc: () => createHttp2(),
  /** As grpc-go, closes a connection that does not ask for HTTP/2. */
  'grpc-tls': () => createTls({ key, cert, ALPNProtocols: ['h2'] }, (socket) => socket.end()),
  /** Says a line and waits, as SSH does. */
  talker: () => createTcp((socket) => socket.write('SSH-2.0-OpenSSH_9.2\r\n')),
  /** Closes each connection. */
  closer: () => createTcp((socket) => socket.end()),
  /** PostgreSQL that accepts TLS, with the certificate of the fixtures. */
  'postgres-tls': () =>
    createTcp((socket) => {
      socket.once('data', () => {
        socket.write('S');
        new TLSSocket(socket, { isServer: true, key, cert }).on('error', () => {});
      });
    }),
} satisfies Record<string, () => Server>;

export type ForeignServerName = keyof typeof FOREIGN_SERVERS;

/** Starts all of them; returns their ports. */
export async function startForeignServers() {
  const sockets = new Set<Socket>();
  const servers = Object.entries(FOREIGN_SERVERS).map(
    ([name, create]) => [name, create() as Server] as const,
  );
  const ports = {} as Record<ForeignServerName, number>;
  for (const [name, server] of servers) {
    server.on('connection', (socket) => {
      sockets.add(socket);
      socket.on('error', () => {});
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    ports[name as ForeignServerName] = (server.address() as AddressInfo).port;
  }
  return {
    ports,
    close() {
      for (const [, server] of servers) server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
