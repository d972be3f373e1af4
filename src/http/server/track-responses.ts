import type { Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';

/** The latest response of a connection. */
interface LatestResponse {
  readonly response: ServerResponse;
  /** Whether an earlier response was still open when the request came: the client pipelines. */
  readonly isPipelined: boolean;
}

/** Returns the latest response of a connection if it is still open. */
export type OpenResponse = (socket: Duplex) => LatestResponse | undefined;

/** Tracks the latest response of each connection of the server. */
export function trackResponses(server: Server): OpenResponse {
  const latest = new WeakMap<Duplex, LatestResponse>();
  const openResponse: OpenResponse = (socket) => {
    const found = latest.get(socket);
    return found === undefined || found.response.closed ? undefined : found;
  };
  server.prependListener('request', ({ socket }, response) => {
    latest.set(socket, { response, isPipelined: openResponse(socket) !== undefined });
  });
  return openResponse;
}
