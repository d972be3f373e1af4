import { once } from 'node:events';
import type { Server, ServerResponse } from 'node:http';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { settleWithin } from '../lib/with-timeout.ts';
import { cutResponse } from '../observability/request/disconnect.ts';

const CHECK_MS = 100;
const QUIET_CHECKS = 2;
const QUIET_TURNS = 5;
const LONGEST_ACCEPT_MS = 500;
const LONGEST_CLOSE_MS = 200;

/**
 * Tracks the requests in flight and returns a function that closes the server without losing any of them.
 * That function stops accepting connections, sends `Connection: close`, and resolves with the number of
 * requests that were cut off: 0 when the last response has ended, or those still running after `budgetMs`,
 * once their responses are closed.
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
    // Node does not count a connection without a request as idle, so `close` would wait for it forever.
    let quiet = 0;
    while (quiet < QUIET_CHECKS && performance.now() < end) {
      if (await settleWithin(Math.min(CHECK_MS, end - performance.now()), closed)) return 0;
      server.closeIdleConnections();
      quiet = inFlight.size === 0 ? quiet + 1 : 0;
    }
    const cutOff = inFlight.size;
    // Their last listeners: after the others, which complete the lines, segments and spans to be drained.
    const ended = Promise.all(Array.from(inFlight, (response) => once(response, 'close')));
    for (const response of inFlight) cutResponse(response);
    server.closeAllConnections();
    await settleWithin(LONGEST_CLOSE_MS, ended);
    return cutOff;
  };
}

/**
 * Accepts the connections that still wait in the kernel: clients see them as open, and closing the server
 * would reset them. libuv accepts one per turn of the event loop.
 */
async function acceptBacklog(server: Server): Promise<void> {
  const end = performance.now() + LONGEST_ACCEPT_MS;
  let quiet = 0;
  const onConnection = () => {
    quiet = 0;
  };
  server.on('connection', onConnection);
  while (quiet < QUIET_TURNS && performance.now() < end) {
    quiet += 1;
    await nextTurn();
  }
  server.off('connection', onConnection);
}
