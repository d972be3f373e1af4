import type { Request } from 'express';

/** Returns the matched route, such as `/api/activities/:uuid`; undefined when there is none. */
export function routeOf({ route, baseUrl }: Pick<Request, 'route' | 'baseUrl'>): string | undefined {
  const path: unknown = route?.path;
  return typeof path === 'string' ? baseUrl + path : undefined;
}
