import type { ServerResponse } from 'node:http';

/** nginx's status for a client that disconnected before the response began. */
const CLIENT_CLOSED_REQUEST = 499;

/** The status of a request that the service itself left without a response. */
const UNANSWERED = 503;

const cut = new WeakSet<ServerResponse>();

/**
 * Closes the connection before the end of a response: after an error, so that the client does not take its
 * part for the whole, or at a shutdown.
 */
export function cutResponse(response: ServerResponse): void {
  cut.add(response);
  response.socket?.destroy();
}

/** Returns whether a closed response was cut by `cutResponse`. */
export function isCut(response: ServerResponse): boolean {
  return cut.has(response);
}

/** Returns whether a response was closed before its end because the client disconnected. */
export function didClientLeave(response: ServerResponse): boolean {
  return !response.writableFinished && !cut.has(response);
}

/** Returns whether a closed response has sent its status. */
export function isAnswered({ writableFinished, headersSent }: ServerResponse): boolean {
  return writableFinished || headersSent;
}

/** Returns the status of a closed response: the one that was sent, or 499 or 503 if none was. */
export function finalStatus(response: ServerResponse): number {
  if (isAnswered(response)) return response.statusCode;
  return cut.has(response) ? UNANSWERED : CLIENT_CLOSED_REQUEST;
}
