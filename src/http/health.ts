import express, { type ErrorRequestHandler, type RequestHandler } from 'express';
import { z } from 'zod';
import { HttpError, Unavailable } from '../lib/errors.ts';
import { isHealthPath } from '../observability/probes.ts';
import { type Endpoint, endpoint } from './endpoint.ts';
import { requestFault } from './middleware/request-rules.ts';
import { mountRoutes } from './mount-routes.ts';
import { sendError } from './problem.ts';

const Success = z.object({ success: z.literal(true) });
const success: z.infer<typeof Success> = { success: true };

/**
 * Returns the probes. `check` must reject while requests cannot be served. From the abort of `stopping` on,
 * the service is not ready.
 */
export function healthRoutes(readiness: { check(): Promise<void> }, stopping: AbortSignal): Endpoint[] {
  return [
    endpoint({
      method: 'get',
      path: '/api/health-check',
      summary: 'Check that the API responds',
      response: Success,
      handle: () => success,
    }),
    endpoint({
      method: 'get',
      path: '/livez',
      summary: 'Check that the process is alive',
      response: Success,
      handle: () => success,
    }),
    endpoint({
      method: 'get',
      path: '/readyz',
      summary:
        'Check that the process can serve requests: the database takes writes and its schema is up to date',
      response: Success,
      problems: [503],
      async handle() {
        if (stopping.aborted) throw new Unavailable('The service is stopping.', stopping.reason);
        await readiness.check();
        return success;
      },
    }),
  ];
}

/**
 * Returns the middleware that answers the probes and passes other requests on. It handles their errors
 * itself: a probe repeats every few seconds, so a failure is not logged or reported.
 */
export function health(endpoints: readonly Endpoint[]): RequestHandler {
  const router = express.Router({ caseSensitive: true, strict: true });
  router.use(((_request, response, next) => {
    response.setHeader('Cache-Control', 'no-store');
    next();
  }) satisfies RequestHandler);
  mountRoutes(router, endpoints);
  router.use(((error, request, response, _next) => {
    sendError(request, response, error instanceof HttpError ? error : new Unavailable('Not ready.', error));
  }) satisfies ErrorRequestHandler);
  return (request, response, next) => {
    if (isHealthPath(request.url) && requestFault(request) === undefined) router(request, response, next);
    else next();
  };
}
