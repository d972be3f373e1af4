import type { RequestHandler } from 'express';

/**
 * Combines middleware into one handler, which costs less CPU than a router layer for each (docs/adr/0021).
 */
export function composeMiddleware(...handlers: RequestHandler[]): RequestHandler {
  return (request, response, done) => {
    let index = 0;
    function next(error?: unknown): void {
      const handler = handlers[index];
      index += 1;
      if (error || handler === undefined) done(error);
      else handler(request, response, next);
    }
    next();
  };
}
