import type { RequestHandler } from 'express';

/** One handler that runs all of these, each when the one before calls `next`. As layers of a router each costs more. */
export function composeMiddleware(...handlers: RequestHandler[]): RequestHandler {
  return handlers.reduceRight((rest, handler) => (request, response, next) => {
    handler(request, response, (error?: unknown) => {
      if (error) next(error);
      else rest(request, response, next);
    });
  });
}
