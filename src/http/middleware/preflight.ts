import type { RequestHandler } from 'express';

/**
 * Answers a preflight of an allowed origin with 204, whatever the path. It must follow `cors`, which sets the
 * headers. Other OPTIONS requests continue to their route, which answers with `Allow`.
 */
export const preflight: RequestHandler = (request, response, next) => {
  const isPreflight =
    request.method === 'OPTIONS' &&
    request.headers['access-control-request-method'] !== undefined &&
    response.hasHeader('Access-Control-Allow-Origin');
  if (isPreflight) response.status(204).end();
  else next();
};
