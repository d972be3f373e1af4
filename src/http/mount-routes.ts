import type { IRouter, RequestHandler } from 'express';
import { HttpError, NotFound } from '../lib/errors.ts';
import type { Endpoint } from './endpoint.ts';
import { MALFORMED_PATH } from './library-error.ts';
import { cacheControl, NO_STORE } from './middleware/cache-control.ts';

/** Adds the routes in the given order. For unsupported methods, each path returns 405 with `Allow`. */
export function mountRoutes(router: IRouter, endpoints: readonly Endpoint[]): void {
  for (const [path, group] of Map.groupBy(endpoints, (endpoint) => endpoint.path)) {
    const route = router.route(path);
    if (group.some(({ personal }) => personal)) route.all(cacheControl(NO_STORE));
    for (const { method, handlers } of group) route[method](...handlers);
    route.all(methodNotAllowed(group.map(({ method }) => method)));
  }
}

/** Rejects requests that match no route with 404. A path that is not percent-encoding is a 400 here too. */
export const notFound: RequestHandler = ({ path }) => {
  if (!isPercentEncoding(path)) throw new HttpError(400, MALFORMED_PATH);
  throw new NotFound('There is nothing at this path.');
};

function isPercentEncoding(path: string): boolean {
  try {
    decodeURIComponent(path);
    return true;
  } catch {
    return false;
  }
}

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
