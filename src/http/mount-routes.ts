import type { IRouter, RequestHandler } from 'express';
import { HttpError, NotFound } from '../lib/errors.ts';
import type { Endpoint } from './endpoint.ts';

/** Adds the routes in the given order. For unsupported methods, each path returns 405 with `Allow`. */
export function mountRoutes(router: IRouter, endpoints: readonly Endpoint[]): void {
  for (const [path, group] of Map.groupBy(endpoints, (endpoint) => endpoint.path)) {
    const route = router.route(path);
    for (const { method, handlers } of group) route[method](...handlers);
    route.all(methodNotAllowed(group.map(({ method }) => method)));
  }
}

/** Rejects requests that match no route with 404. */
export const notFound: RequestHandler = () => {
  throw new NotFound('There is nothing at this path.');
};

function methodNotAllowed(methods: readonly string[]): RequestHandler {
  const allow = methods.map((method) => (method === 'get' ? 'GET, HEAD' : method.toUpperCase()));
  const headers = { Allow: [...allow, 'OPTIONS'].join(', ') };
  return (request, response) => {
    if (request.method !== 'OPTIONS') {
      throw new HttpError(405, `${request.method} is not allowed on this path.`, { headers });
    }
    response.status(204).set(headers).end();
  };
}
