import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Journal } from '../journal/journal.ts';

const REASONS: Readonly<Record<string, string>> = {
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
  HPE_CHUNK_EXTENSIONS_OVERFLOW: '413 Payload Too Large',
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
};

/** Answers what is not HTTP, or does not become a request in time, as Node does by itself; counts it too. */
export function answerClientErrors(server: Server, journal: Journal): void {
  server.on('clientError', (error: NodeJS.ErrnoException, stream) => {
    const socket = stream as Socket;
    if (!socket.writable) return;
    // A connection that was opened in advance and never used is no fault.
    if (socket.bytesRead > 0) journal.recordUnreadable('unknown', `not HTTP: ${error.message}`, '');
    // An answer has begun: another one in the middle of it would be taken for a part of it.
    if (socket.bytesWritten > 0) socket.destroy();
    else
      socket.end(`HTTP/1.1 ${REASONS[error.code ?? ''] ?? '400 Bad Request'}\r\nConnection: close\r\n\r\n`);
  });
}
