import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { peerAddress } from '../../lib/ip-address.ts';
import type { Logger } from '../../observability/logging/logger.ts';
import { withoutTracing } from '../../observability/suppress-tracing.ts';
import type { TraceIds } from '../../observability/tracing/trace-ids.ts';
import { METHODS } from '../middleware/request-rules.ts';
import { endWithProblem, problemBytes } from './raw-problem.ts';
import { type Refusal, refusalOf } from './refusals.ts';
import type { OpenResponse } from './track-responses.ts';

/** How long a connection stays open for its client to read the response: a reset would discard it. */
const LINGER_MS = 1000;
const NO_TUNNELS: Refusal = { status: 405, detail: 'This server is not a proxy.' };

interface RefusalOptions {
  readonly responses: OpenResponse;
  readonly logger: Logger;
  readonly traceIds: TraceIds;
}

/**
 * Answers the requests that Node refuses by itself, in the form of all other errors, and closes their
 * connections. Each gets one log line, with the code of the error and nothing of what the client sent. A
 * response that is open is finished first; if the refused request is its own, it becomes the answer.
 */
export function answerRefusedRequests(server: Server, { responses, logger, traceIds }: RefusalOptions): void {
  const refused = new WeakSet<Duplex>();

  function refuse(
    socket: Socket,
    refusal: Refusal,
    code: string,
    headers: Record<string, string> = {},
  ): void {
    if (refused.has(socket)) return;
    refused.add(socket);
    const open = responses(socket)?.response;
    if (open === undefined) answer();
    else if (open.req.complete) open.once('close', answer);
    else endOpen(socket, open, refusal, code);

    function answer(): void {
      if (!socket.writable) return;
      const span = traceIds.identify({});
      const { status } = refusal;
      const { remoteAddress } = socket;
      const fields = { remote_addr: remoteAddress ? peerAddress(remoteAddress) : null, status, code };
      logger.warn(`request refused ${status}`, fields, span);
      socket.end(problemBytes(refusal, span, headers));
      withoutTracing(() => setTimeout(() => socket.destroy(), LINGER_MS).unref());
    }
  }

  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    const refusal = refusalOf(error);
    // Nothing came: a connection that was opened in advance. An answer could be taken for that of a request.
    const isSilent = refusal?.status === 408 && (socket as Socket).bytesRead === 0;
    if (refusal === undefined || isSilent) socket.destroy();
    else refuse(socket as Socket, refusal, error.code ?? '');
  });
  server.on('connect', (_request, socket) => {
    socket.on('error', () => {});
    refuse(socket as Socket, NO_TUNNELS, 'CONNECT', { Allow: METHODS });
  });
}

/** The access log has the line. A client that closed in the middle of its body is gone. */
function endOpen(socket: Socket, response: ServerResponse, refusal: Refusal, code: string): void {
  if (response.headersSent || code === 'HPE_INVALID_EOF_STATE') socket.destroy();
  else endWithProblem(response, refusal);
}
