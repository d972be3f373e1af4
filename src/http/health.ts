import express, { type ErrorRequestHandler, type RequestHandler } from 'express';
import { z } from 'zod';
import type { Database } from '../db/database.ts';
import { HttpError, Unavailable } from '../lib/errors.ts';
import { type Endpoint, endpoint } from './endpoint.ts';
import { mount } from './mount.ts';
import { sendError } from './problem.ts';

const PATHS = new Set(['/api/health-check', '/livez', '/readyz']);

const Success = z.object({ success: z.literal(true) });
const success: z.infer<typeof Success> = { success: true };

/** Whether the request is a probe, which leaves no span, no segment and no log line. `url` may have a query. */
export function isHealthPath(url: string): boolean {
  const query = url.indexOf('?');
  return PATHS.has(query < 0 ? url : url.slice(0, query));
}

export function healthRoutes(database: Pick<Database, 'ping'>): Endpoint[] {
  return [
    endpoint({
      method: 'get',
      path: '/api/health-check',
      summary: 'Whether the API answers',
      response: Success,
      handle: () => success,
    }),
    endpoint({
      method: 'get',
      path: '/livez',
      summary: 'Whether the process lives',
      response: Success,
      handle: () => success,
    }),
    endpoint({
      method: 'get',
      path: '/readyz',
      summary: 'Whether the process can serve: the database answers',
      response: Success,
      problems: [503],
      async handle() {
        await database.ping();
        return success;
      },
    }),
  ];
}

/** Answers the probes. One that fails is answered and not reported: it is asked again every few seconds. */
export function health(endpoints: readonly Endpoint[]): RequestHandler {
  const router = express.Router({ caseSensitive: true, strict: true });
  router.use(((_request, response, next) => {
    response.setHeader('Cache-Control', 'no-store');
    next();
  }) satisfies RequestHandler);
  mount(router, endpoints);
  router.use(((error, request, response, _next) => {
    sendError(request, response, error instanceof HttpError ? error : new Unavailable('Not ready.', error));
  }) satisfies ErrorRequestHandler);
  return (request, response, next) => {
    if (isHealthPath(request.url)) router(request, response, next);
    else next();
  };
}
