import type { RequestHandler } from 'express';
import type { Config } from '../../config/config.ts';
import { HttpError } from '../../lib/errors.ts';
import { splitHost } from '../../lib/host.ts';
import { memoizeLast } from '../../lib/memoize.ts';
import { isLoopback, namedByPattern } from './host-name.ts';

type HostConfig = Pick<Config, 'host' | 'allowedHosts' | 'allowedOrigins' | 'xray'>;

const UNSAFE_METHODS = /^(?!(?:GET|HEAD|OPTIONS|TRACE)$)/;

/**
 * Returns the middleware that refuses requests that a page of another site can make a browser send. A page
 * can point its own name at 127.0.0.1 (DNS rebinding): the browser then sends that name in `Host`. It can
 * also post across origins without a preflight: the browser then sends the page's `Origin`.
 *
 * Both are checked while the API listens on loopback. Elsewhere `Host` is checked if `ALLOWED_HOSTS` is set,
 * and `Origin` is left to CORS. `requestRules` refuses two `Host` headers. `X-Forwarded-Host` is never
 * read, because such a page can set it, and its browser connects from loopback, which may be a trusted proxy.
 */
export function hostGuard(config: HostConfig): RequestHandler[] {
  const isKnown = knownHosts(config);
  if (isLoopback(config.host.toLowerCase())) return [checkHost(isKnown), checkOrigin(isKnown)];
  return config.allowedHosts ? [checkHost(isKnown)] : [];
}

type IsKnown = (host: string) => boolean;

/** Returns a function that tells whether a host, with or without a port, is one of the service's own. */
function knownHosts({ allowedHosts = [], allowedOrigins, xray }: HostConfig): IsKnown {
  const names = new Set([...allowedHosts, ...allowedOrigins.map((origin) => new URL(origin).hostname)]);
  const matchesPattern = namedByPattern(xray?.namePattern);
  return memoizeLast((host) => {
    const name = splitHost(host)?.name;
    return name !== undefined && (isLoopback(name) || names.has(name) || matchesPattern(name));
  });
}

/** A request of HTTP/1.0 may have no `Host`; browsers always send one. */
function checkHost(isKnown: IsKnown): RequestHandler {
  return ({ headers: { host } }, _response, next) => {
    if (host === undefined || isKnown(host)) return next();
    next(new HttpError(421, 'The service does not serve this host: add it to ALLOWED_HOSTS.'));
  };
}

function checkOrigin(isKnown: IsKnown): RequestHandler {
  return ({ method, headers: { origin } }, _response, next) => {
    if (origin === undefined || !UNSAFE_METHODS.test(method)) return next();
    const url = URL.parse(origin);
    if (url !== null && /^https?:$/.test(url.protocol) && isKnown(url.host)) return next();
    next(new HttpError(403, 'Pages of this origin may only read: add it to FRONTEND_URL.'));
  };
}
