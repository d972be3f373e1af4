import type { IRouter, RequestHandler } from 'express';
import { HttpError, NotFound } from '../lib/errors.ts';
import type { Endpoint } from './endpoint.ts';

/** Adds the routes in their order; a path answers the methods that it does not have with 405. */
export function mountRoutes(router: IRouter, endpoints: readonly Endpoint[]): void {
  for (const [path, group] of Map.groupBy(endpoints, (endpoint) => endpoint.path)) {
    const route = router.route(path);
    for (const { method, handlers } of group) route[method](...handlers);
    route.all(methodNotAllowed(group.map(({ method }) => method)));
  }
}

/** What no route has answered. */
export const notFound: RequestHandler = () => {
  throw new NotFound('There is nothing at this path.');
};

function methodNotAllowed(methods: readonly string[]): RequestHandler {
  const allow = methods.map((method) => (method === 'get' ? 'GET, HEAD' : method.toUpperCase()));
  const headers = { Allow: [...allow, 'OPTIONS'].join(', ') };
  return (request, response) => {
    if (request.method !== 'OPTIONS') {
      throw new HttpError(405, `This path does not take ${request.method}.`, { headers });
    }
    response.status(204).set(headers).end();
  };
}
