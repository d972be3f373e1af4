import type { RequestHandler } from 'express';

/**
 * Combines middleware into one handler, which costs less CPU than a router layer for each (docs/adr/0021).
 */
export function composeMiddleware(...handlers: RequestHandler[]): RequestHandler {
  return handlers.reduceRight((rest, handler) => (request, response, next) => {
    handler(request, response, (error?: unknown) => {
      if (error) next(error);
      else rest(request, response, next);
    });
  });
}
