import { createServer, type IncomingMessage, type RequestListener, Server } from 'node:http';
import type { Config } from '../../config/config.ts';
import type { Logger } from '../../observability/logging/logger.ts';
import type { TraceIds } from '../../observability/tracing/trace-ids.ts';
import { answerRefusedRequests } from './answer-refused-requests.ts';
import { probeHalfClosed } from './probe-half-closed.ts';
import { toOriginForm } from './request-target.ts';
import { trackResponses } from './track-responses.ts';
import { warnOfRefusedConnections } from './warn-of-refused-connections.ts';

/** How often Node looks for connections that exceed a time limit. Its default would add up to 30 s. */
const CHECKS_PER_TIMEOUT = 10;
const MAX_CHECK_MS = 1000;

interface ServerContext {
  readonly config: Pick<Config, 'server'>;
  readonly logger: Logger;
  readonly traceIds: TraceIds;
}

/**
 * Creates the HTTP server of the API, with the limits of `config.server`. Requests that Node would answer or
 * drop by itself reach `app` as far as Node can parse them; the others get a problem of the same form.
 */
export function createApiServer({ config, logger, traceIds }: ServerContext, app: RequestListener): Server {
  const { keepAliveTimeoutMs, headersTimeoutMs, requestTimeoutMs, maxConnections } = config.server;
  const server = createServer({
    keepAliveTimeout: keepAliveTimeoutMs,
    headersTimeout: headersTimeoutMs,
    requestTimeout: requestTimeoutMs,
    connectionsCheckingInterval: Math.min(MAX_CHECK_MS, headersTimeoutMs / CHECKS_PER_TIMEOUT),
    // `requestRules` answers, with a trace id and a log line.
    requireHostHeader: false,
  });
  server.maxConnections = maxConnections;
  // Node asks for the address when it is first read, and keeps it. Of a connection that its client has reset
  // the system no longer knows it, although its request is still to be read.
  server.on('connection', (socket) => void socket.remoteAddress);
  // The http instrumentation patches the prototype and reads the request before any listener does.
  server.emit = (...event: unknown[]) => {
    if (event[0] === 'request') toOriginForm(event[1] as IncomingMessage);
    return Reflect.apply(Server.prototype.emit, server, event);
  };
  server.on('request', app);
  // Else Node answers 417 by itself.
  server.on('checkExpectation', (request, response) => server.emit('request', request, response));
  const responses = trackResponses(server);
  probeHalfClosed(server, responses);
  answerRefusedRequests(server, { responses, logger, traceIds });
  warnOfRefusedConnections(server, logger);
  return server;
}
