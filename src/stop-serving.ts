import type { Server, ServerResponse } from 'node:http';
import { settleWithin } from './settle-within.ts';

const CHECK_MS = 100;
const QUIET_CHECKS = 2;

/**
 * Prepares a server for an end that loses no request. The function returned stops accepting, tells clients to close
 * their connections, and resolves when the last answer is out, or after `budgetMs`, with the number of requests cut off.
 */
export function trackRequests(server: Server): (budgetMs: number) => Promise<number> {
  const inFlight = new Set<ServerResponse>();
  let stopping = false;

  function forget(this: ServerResponse): void {
    inFlight.delete(this);
  }

  server.prependListener('request', (_request, response: ServerResponse) => {
    inFlight.add(response);
    response.once('close', forget);
    if (stopping) response.setHeader('Connection', 'close');
  });

  return async (budgetMs) => {
    const end = performance.now() + budgetMs;
    stopping = true;
    for (const response of inFlight) {
      if (!response.headersSent) response.setHeader('Connection', 'close');
    }
    const closed = new Promise((resolve) => server.close(resolve));
    // A connection on which no request has come yet counts as neither idle nor busy: it holds `close` for ever.
    let quiet = 0;
    while (quiet < QUIET_CHECKS && performance.now() < end) {
      if (await settleWithin(Math.min(CHECK_MS, end - performance.now()), closed)) return 0;
      server.closeIdleConnections();
      quiet = inFlight.size === 0 ? quiet + 1 : 0;
    }
    const cutOff = inFlight.size;
    server.closeAllConnections();
    return cutOff;
  };
}
