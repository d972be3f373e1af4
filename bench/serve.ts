import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Express } from 'express';

export interface ServerReady {
  readonly port: number;
}

/** The answer of a measured server to `usage`. */
export interface Usage {
  /** User and system time of all threads since the start, in microseconds. */
  readonly cpuMicros: number;
  readonly rssBytes: number;
  /** Since the start. */
  readonly peakRssBytes: number;
  /** Of V8's heap, with what is free in it. */
  readonly heapBytes: number;
}

/** Serves on a free port, sends the port to the parent, and handles its messages `usage` and `stop`. */
export function serveUntilStopped(app: Express, drain: () => Promise<unknown>): void {
  const server = createServer(app).listen(0, '127.0.0.1', () => {
    process.send?.({ port: (server.address() as AddressInfo).port } satisfies ServerReady);
  });
  process.on('message', async ({ command }: { command: 'usage' | 'stop' }) => {
    if (command === 'usage') {
      const { user, system } = process.cpuUsage();
      const { rss: rssBytes, heapTotal: heapBytes } = process.memoryUsage();
      process.send?.({
        cpuMicros: user + system,
        rssBytes,
        peakRssBytes: process.resourceUsage().maxRSS * 1024,
        heapBytes,
      } satisfies Usage);
    } else if (command === 'stop') {
      server.close();
      server.closeAllConnections();
      await drain();
      process.exit(0);
    }
  });
}
