import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { withoutTracing } from '../../observability/suppress-tracing.ts';
import type { OpenResponse } from './track-responses.ts';

/** The first bytes of every response, whatever its status. */
const BEGINNING = 'HTTP/1.1';
const FIRST_PAUSE_MS = 50;

/**
 * Lets half-closed clients have their response, and still notices those that are gone. A closed connection
 * and a half-closed one look the same (FIN) until something is written: a client that is gone then resets the
 * connection, and the write after that fails. So while the client waits, the beginning of its response is
 * sent byte by byte, with pauses that double.
 */
export function probeHalfClosed(server: Server, openResponse: OpenResponse): void {
  // Node documents it on `net.Server` only, and its types lack it.
  Object.assign(server, { httpAllowHalfOpen: true });
  server.on('connection', (socket: Socket) => {
    socket.once('end', () => {
      const open = openResponse(socket);
      // With several responses open, the first may be in its middle.
      if (open && !open.isPipelined && !open.response.headersSent) probe(socket);
    });
  });
}

function probe(socket: Socket): void {
  const write = socket.write.bind(socket) as (chunk: unknown, ...rest: unknown[]) => boolean;
  let sent = 0;
  let timer: NodeJS.Timeout;

  function sendNext(): void {
    if (sent === BEGINNING.length || socket.destroyed) return;
    write(BEGINNING[sent], 'latin1');
    sent += 1;
    timer = withoutTracing(() => setTimeout(sendNext, FIRST_PAUSE_MS * 2 ** sent)).unref();
  }

  // Node writes the status line first, as a string.
  socket.write = (chunk: unknown, ...rest: unknown[]) => {
    clearTimeout(timer);
    socket.write = write as typeof socket.write;
    return write(String(chunk).slice(sent), ...rest);
  };
  sendNext();
}
