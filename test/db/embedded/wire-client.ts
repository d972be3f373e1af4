import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** Connects a client that sends single messages of the PostgreSQL protocol, when the test decides. */
export async function connectByWire(url: string): Promise<WireClient> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  const received: Buffer[] = [];
  socket.on('data', (chunk) => received.push(chunk));
  socket.on('error', () => {});
  const client = {
    socket,
    send: (message: Buffer) => new Promise<void>((resolve) => socket.write(message, () => resolve())),
    received: () => Buffer.concat(received).toString('latin1'),
  };
  await client.send(startup());
  return client;
}

export interface WireClient {
  readonly socket: Socket;
  /** Resolves when the kernel has accepted the bytes. */
  send(message: Buffer): Promise<void>;
  /** All bytes received so far, as latin1. */
  received(): string;
}

/**
 * Waits until the server has read everything sent before: it asks for TLS on a new connection and awaits the
 * refusal.
 */
export async function awaitServerRead(url: string): Promise<void> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  const request = Buffer.alloc(8);
  request.writeInt32BE(request.length, 0);
  request.writeInt32BE(80_877_103, 4);
  socket.write(request);
  await once(socket, 'data');
  socket.destroy();
}

function startup(): Buffer {
  const parameters = Buffer.from('user\0postgres\0database\0postgres\0\0');
  const head = Buffer.alloc(8);
  head.writeInt32BE(head.length + parameters.length, 0);
  head.writeInt32BE(196_608, 4);
  return Buffer.concat([head, parameters]);
}

function message(type: string, body = Buffer.alloc(0)): Buffer {
  const head = Buffer.alloc(5);
  head.write(type);
  head.writeInt32BE(4 + body.length, 1);
  return Buffer.concat([head, body]);
}

/** Builds a Parse message that makes `sql` the unnamed statement. */
export function parse(sql: string): Buffer {
  return message('P', Buffer.from(`\0${sql}\0\0\0`));
}

/** Builds Bind, Execute and Sync messages for the unnamed statement, without parameters. */
export function bindExecuteSync(): Buffer {
  return Buffer.concat([
    message('B', Buffer.from('\0\0\0\0\0\0\0\0')),
    message('E', Buffer.from('\0\0\0\0\0')),
    message('S'),
  ]);
}

export function simpleQuery(sql: string): Buffer {
  return message('Q', Buffer.from(`${sql}\0`));
}
