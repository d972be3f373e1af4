import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import type { RequestHandler } from 'express';
import helmet, { type HelmetOptions } from 'helmet';

/** Policy for data responses: nothing may run, load or be framed. */
const DATA_POLICY = { 'default-src': ["'none'"], 'frame-ancestors': ["'none'"] };

/**
 * Returns middleware that sets the helmet headers that apply to an API. The headers are the same for every
 * response, so helmet runs once and its result is reused.
 */
export function securityHeaders(
  directives: Readonly<Record<string, readonly string[]>> = DATA_POLICY,
): RequestHandler {
  const headers = [...securityHeadersOf(directives)];
  return (_request, response, next) => {
    for (const [name, value] of headers) response.setHeader(name, value);
    next();
  };
}

/** Returns the headers themselves; by default those of data responses. */
export function securityHeadersOf(
  directives: Readonly<Record<string, readonly string[]>> = DATA_POLICY,
): Map<string, string> {
  return headersOf({
    contentSecurityPolicy: { useDefaults: false, directives },
    xFrameOptions: { action: 'deny' },
    crossOriginOpenerPolicy: false,
    originAgentCluster: false,
    xDnsPrefetchControl: false,
    xDownloadOptions: false,
    xPermittedCrossDomainPolicies: false,
    xXssProtection: false,
  });
}

function headersOf(options: HelmetOptions): Map<string, string> {
  const request = new IncomingMessage(new Socket());
  const response = new ServerResponse(request);
  helmet(options)(request, response, () => {});
  return new Map(response.getHeaderNames().map((name) => [name, String(response.getHeader(name))]));
}
