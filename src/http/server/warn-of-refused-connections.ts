import type { Server } from 'node:http';
import type { Logger } from '../../observability/logging/logger.ts';
import { withoutTracing } from '../../observability/suppress-tracing.ts';

const REPEAT_MS = 10_000;

/** Logs a warning while the server refuses connections, at most once per 10 s, with their number. */
export function warnOfRefusedConnections(server: Server, logger: Logger): void {
  let refused = 0;
  let waiting = false;

  function warn(): void {
    waiting = refused > 0;
    if (!waiting) return;
    logger.warn(`${refused} connection(s) refused: MAX_CONNECTIONS is ${server.maxConnections}`, { refused });
    refused = 0;
    withoutTracing(() => setTimeout(warn, REPEAT_MS).unref());
  }

  server.on('drop', () => {
    refused += 1;
    if (!waiting) warn();
  });
}
