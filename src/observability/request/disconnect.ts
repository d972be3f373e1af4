import type { ServerResponse } from 'node:http';

/** nginx's status for a client that disconnected before the response began. */
export const CLIENT_CLOSED_REQUEST = 499;

const cutOff = new WeakSet<ServerResponse>();

/** Closes the connection in the middle of a response, so that the client does not take its part for all. */
export function cutResponse(response: ServerResponse): void {
  cutOff.add(response);
  response.socket?.destroy();
}

/** Returns whether a closed response was cut by `cutResponse`. */
export function isCut(response: ServerResponse): boolean {
  return cutOff.has(response);
}

/** Returns whether a response was closed before its end because the client disconnected. */
export function didClientLeave(response: ServerResponse): boolean {
  return !response.writableFinished && !cutOff.has(response);
}
