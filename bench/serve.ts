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

/** Serves on a free port, and handles the parent's messages. */
export function serveUntilStopped(app: Express, drain: () => Promise<unknown>): void {
  const server = createServer(app).listen(0, '127.0.0.1', () => {
    const { port } = server.address() as AddressInfo;
    answerParent(port, {
      usage: usageOfThisProcess,
      async stop() {
        server.close();
        server.closeAllConnections();
        await drain();
      },
    });
  });
}

/** Sends the port to the parent, and handles its messages `usage` and `stop`, which ends this process. */
export function answerParent(
  port: number,
  { usage, stop }: { usage(): Partial<Usage>; stop(): Promise<unknown> },
): void {
  process.on('message', async ({ command }: { command: 'usage' | 'stop' }) => {
    if (command === 'usage') process.send?.(usage());
    else if (command === 'stop') {
      await stop();
      process.exit(0);
    }
  });
  process.send?.({ port } satisfies ServerReady);
}

function usageOfThisProcess(): Usage {
  const { user, system } = process.cpuUsage();
  const { rss: rssBytes, heapTotal: heapBytes } = process.memoryUsage();
  return {
    cpuMicros: user + system,
    rssBytes,
    peakRssBytes: process.resourceUsage().maxRSS * 1024,
    heapBytes,
  };
}
