import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerClientErrors } from './client-errors.ts';
import { DEFAULT_LIMITS, type HttpLimits } from './limits.ts';
import { type BodyReader, createBodyReader } from './read-body.ts';
import { createResponder, type ResponderOptions } from './responder.ts';

export interface HttpServerOptions extends Omit<ResponderOptions, 'bodies'> {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  readonly limits?: HttpLimits | undefined;
  /** Servers that share one reader share its bound. Default: a reader of this server. */
  readonly bodies?: BodyReader | undefined;
}

export interface HttpServer {
  readonly port: number;
  close(): Promise<void>;
}

/** Serves several receivers on one port. Rejects when the port is taken. */
export async function startHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const { host, port, journal, limits = DEFAULT_LIMITS, bodies = createBodyReader(limits) } = options;
  const respond = createResponder({ ...options, bodies });
  const server = createServer({
    headersTimeout: limits.headMs,
    // Applies to requests that no receiver matches. For the others, `bodyMs` applies.
    requestTimeout: limits.headMs + 2 * limits.bodyMs,
    connectionsCheckingInterval: Math.min(limits.headMs, 2000),
    // Longer than the interval at which most exporters send, 5 s.
    keepAliveTimeout: 30_000,
  });
  server.on('request', (request, response) => {
    respond(request, response).catch(() => response.destroy());
  });
  server.maxConnections = limits.connections;
  server.on('drop', () => {
    journal.recordUnreadable('unknown', `more than ${limits.connections} connections`, '');
  });
  answerClientErrors(server, journal);
  await listen(server, host, port);
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port }, () => {
      server.removeListener('error', reject);
      resolve();
    });
  });
}
