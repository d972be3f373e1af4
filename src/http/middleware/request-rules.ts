import type { IncomingMessage } from 'node:http';
import type { RequestHandler } from 'express';
import { HttpError } from '../../lib/errors.ts';

/** The methods of the whole service, for `Allow`. */
export const METHODS = 'GET, HEAD, POST, PUT, OPTIONS';
/** RFC 9110, section 7.2. It may be empty. */
const HOST = /^(?:\[[0-9a-f:.]+\]|[\w.~!$&'()*+;=%-]*)(?::\d*)?$/i;
const CONTINUE = /^100-continue$/i;
const CLOSE = { Connection: 'close' };

/**
 * Returns middleware that refuses the requests that Node would otherwise answer by itself, without our
 * headers and log line, and answers `OPTIONS *`.
 */
export function requestRules(): RequestHandler {
  return (request, response, next) => {
    const fault = requestFault(request);
    if (fault !== undefined || request.url !== '*') next(fault);
    else response.writeHead(204, { Allow: METHODS }).end();
  };
}

/**
 * Returns the error to answer when a request breaks a rule of HTTP (RFC 9110 and 9112). Node keeps the first
 * of two `Host` headers; a proxy may have gone by the other.
 */
export function requestFault(request: IncomingMessage): HttpError | undefined {
  const { url = '', method, headers, rawHeaders, httpVersion } = request;
  const hosts = countHosts(rawHeaders);
  if (hosts > 1 || (hosts === 0 && httpVersion === '1.1'))
    return new HttpError(400, 'The request has no Host or more than one Host.', { headers: CLOSE });
  if (!HOST.test(headers.host ?? ''))
    return new HttpError(400, '`Host` must be a host name with an optional port.', { headers: CLOSE });
  if (!url.startsWith('/') && !(url === '*' && method === 'OPTIONS'))
    return new HttpError(400, 'The request target must be a path or an http URL.', { headers: CLOSE });
  if (headers.expect !== undefined && httpVersion === '1.1' && !CONTINUE.test(headers.expect))
    return new HttpError(417, '`Expect` may only be 100-continue.', { headers: CLOSE });
  return undefined;
}

function countHosts(rawHeaders: readonly string[]): number {
  let count = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index];
    if (name?.length === 4 && name.toLowerCase() === 'host') count += 1;
  }
  return count;
}
