import type { RequestHandler } from 'express';

/** Only the client may store a response, and asks again before it uses it. */
export const PRIVATE = 'private, no-cache';

/** Nobody stores the response. */
export const NO_STORE = 'no-store';

/** Returns middleware that sets `Cache-Control`. */
export function cacheControl(value: string): RequestHandler {
  return (_request, response, next) => {
    response.setHeader('Cache-Control', value);
    next();
  };
}
