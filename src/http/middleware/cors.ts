import createCors from 'cors';
import type { RequestHandler } from 'express';

/**
 * Returns middleware that adds CORS headers for the given origins; for all others it only sets `Vary`. A
 * preflight continues to its route, so that its response has the trace headers and the `Allow` header of the
 * path.
 */
export function cors(origins: readonly string[]): RequestHandler {
  const allowed = new Set<string | undefined>(origins);
  const allow = createCors({
    origin: [...origins],
    methods: ['OPTIONS', 'GET', 'HEAD', 'POST'],
    allowedHeaders: [
      'content-type',
      'if-modified-since',
      'authorization',
      'traceparent',
      'tracestate',
      'x-amzn-trace-id',
    ],
    exposedHeaders: ['location', 'link', 'traceresponse', 'x-amzn-trace-id'],
    maxAge: 7200,
    preflightContinue: true,
  });
  return (request, response, next) => {
    if (allowed.has(request.headers.origin)) return allow(request, response, next);
    response.setHeader('Vary', 'Origin');
    next();
  };
}
