import createCors from 'cors';
import type { RequestHandler } from 'express';

/**
 * Returns middleware that adds CORS headers for the given origins; for all others it only sets `Vary`. A
 * preflight continues to `preflight`, so that its response has the trace headers too.
 */
export function cors(origins: readonly string[]): RequestHandler {
  const allowed = new Set<string | undefined>(origins);
  const allow = createCors({
    origin: [...origins],
    methods: ['OPTIONS', 'GET', 'HEAD', 'POST', 'PUT'],
    allowedHeaders: [
      'content-type',
      'if-modified-since',
      'authorization',
      'idempotency-key',
      'traceparent',
      'tracestate',
      'baggage',
      'sentry-trace',
      'x-amzn-trace-id',
    ],
    exposedHeaders: ['location', 'link', 'ratelimit', 'retry-after', 'traceresponse', 'x-amzn-trace-id'],
    maxAge: 7200,
    preflightContinue: true,
  });
  return (request, response, next) => {
    if (allowed.has(request.headers.origin)) return allow(request, response, next);
    response.setHeader('Vary', 'Origin');
    next();
  };
}
