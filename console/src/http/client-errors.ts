import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Journal } from '../journal/journal.ts';

const REASONS: Readonly<Record<string, string>> = {
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
  HPE_CHUNK_EXTENSIONS_OVERFLOW: '413 Payload Too Large',
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
};

/** Responds to malformed and to late requests as Node does by default, and records them as unreadable. */
export function answerClientErrors(server: Server, journal: Journal): void {
  server.on('clientError', (error: NodeJS.ErrnoException, stream) => {
    const socket = stream as Socket;
    if (!socket.writable) return;
    // Browsers open connections in advance and may never use them.
    if (socket.bytesRead > 0) journal.recordUnreadable('unknown', `not HTTP: ${error.message}`, '');
    // A second response would become a part of the one that has begun.
    if (socket.bytesWritten > 0) socket.destroy();
    else
      socket.end(`HTTP/1.1 ${REASONS[error.code ?? ''] ?? '400 Bad Request'}\r\nConnection: close\r\n\r\n`);
  });
}
