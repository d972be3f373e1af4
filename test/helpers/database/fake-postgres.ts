import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';

/** How a fake server behaves. */
export type FakeMode =
  /** Answers the startup packet with an error. */
  | { readonly refusal: string; readonly message: string }
  /** Accepts the connection; is read-only, and answers each further statement with an error. */
  | { readonly standby: true };

export interface FakePostgres {
  readonly port: number;
  /** The parameters of all startup packets so far, as `name=value`. */
  readonly startups: readonly string[][];
  /** Changes the mode for new connections. */
  become(mode: FakeMode): void;
  close(): Promise<void>;
}

const SSL_REQUEST = 80_877_103;
const SYNC = 'S'.charCodeAt(0);

/** Starts a server that speaks as much of PostgreSQL's protocol as a refused client needs. No TLS. */
export async function startFakePostgres(first: FakeMode): Promise<FakePostgres> {
  let mode = first;
  const startups: string[][] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    let started = false;
    socket.on('data', (chunk) => {
      if (started) {
        if (hasSync(chunk)) socket.write(readOnlyAnswer());
        return;
      }
      if (chunk.readInt32BE(4) === SSL_REQUEST) {
        socket.write('N');
        return;
      }
      started = true;
      startups.push(parametersOf(chunk));
      if ('refusal' in mode) socket.end(errorResponse('FATAL', mode.refusal, mode.message));
      else socket.write(Buffer.concat([message('R', int32(0)), READY]));
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    startups,
    become: (next) => {
      mode = next;
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

function parametersOf(startup: Buffer): string[] {
  const texts = startup.subarray(8, -2).toString().split('\0');
  return texts.flatMap((text, index) => (index % 2 === 0 ? [`${text}=${texts[index + 1]}`] : []));
}

function hasSync(chunk: Buffer): boolean {
  for (let at = 0; at + 5 <= chunk.length; at += 1 + chunk.readInt32BE(at + 1)) {
    if (chunk[at] === SYNC) return true;
  }
  return false;
}

const message = (type: string, ...parts: Buffer[]) => {
  const body = Buffer.concat(parts);
  return Buffer.concat([Buffer.from(type), int32(body.length + 4), body]);
};
const text = (value: string) => Buffer.from(`${value}\0`);
const int16 = (value: number) => Buffer.from([value >> 8, value & 255]);
function int32(value: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeInt32BE(value);
  return buffer;
}

const READY = message('Z', Buffer.from('I'));

function errorResponse(severity: string, code: string, reason: string): Buffer {
  return message(
    'E',
    text(`S${severity}`),
    text(`V${severity}`),
    text(`C${code}`),
    text(`M${reason}`),
    int32(0).subarray(3),
  );
}

/** One row with the column `read_only`, which is on. */
function readOnlyAnswer(): Buffer {
  const column = Buffer.concat([
    text('read_only'),
    int32(0),
    int16(0),
    int32(25),
    int16(-1 & 0xffff),
    int32(-1),
    int16(0),
  ]);
  return Buffer.concat([
    message('1'),
    message('2'),
    message('T', int16(1), column),
    message('D', int16(1), int32(2), Buffer.from('on')),
    message('C', text('SELECT 1')),
    READY,
  ]);
}
