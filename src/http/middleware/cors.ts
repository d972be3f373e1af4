import createCors from 'cors';
import type { RequestHandler } from 'express';

/**
 * CORS for browsers at the given origins. A preflight runs on to its route, so that its answer carries the trace
 * headers and the path's own `Allow`. Requests from elsewhere get `Vary` alone.
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
