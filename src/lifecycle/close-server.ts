import type { Server, ServerResponse } from 'node:http';
import { setImmediate as turn } from 'node:timers/promises';
import { settleWithin } from '../lib/settle-within.ts';

const CHECK_MS = 100;
const QUIET_CHECKS = 2;
const QUIET_TURNS = 5;
const LONGEST_ACCEPT_MS = 500;

/**
 * Prepares a server for an end that loses no request. The function returned stops accepting, tells clients to close
 * their connections, and resolves when the last answer is out, or after `budgetMs`, with the number of requests cut off.
 */
export function trackInFlight(server: Server): (budgetMs: number) => Promise<number> {
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
    await acceptBacklog(server);
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

/** What clients see as connected may still wait in the kernel, and closing would reset it: libuv takes one a turn. */
async function acceptBacklog(server: Server): Promise<void> {
  const end = performance.now() + LONGEST_ACCEPT_MS;
  let quiet = 0;
  const onConnection = () => {
    quiet = 0;
  };
  server.on('connection', onConnection);
  while (quiet < QUIET_TURNS && performance.now() < end) {
    quiet += 1;
    await turn();
  }
  server.off('connection', onConnection);
}
