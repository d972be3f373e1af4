import type { IncomingHttpHeaders } from 'node:http';
import type { Request } from 'express';
import { redactHeaders, redactUrl } from '../redact.ts';

const MAX_TEXT_LENGTH = 2_048;

/** The only headers that are sent: any other may hold a secret. */
const SAFE_HEADERS = [
  'accept',
  'accept-encoding',
  'accept-language',
  'connection',
  'content-encoding',
  'content-length',
  'content-type',
  'host',
  'origin',
  'referer',
  'traceparent',
  'tracestate',
  'user-agent',
  'x-amzn-trace-id',
  'x-forwarded-proto',
] as const;

/** A request in a report, under Rollbar's names: no body, no address, no person, no secret. */
export interface RequestCopy {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string | string[]>>;
  /** The query. */
  readonly GET: Readonly<Record<string, string>>;
}

/** Copies the parts of a request that a report may show. The library would modify the live request. */
export function copyRequest(request: Request): RequestCopy {
  const path = redactUrl(request.originalUrl).slice(0, MAX_TEXT_LENGTH);
  const [, query = ''] = path.split('?', 2);
  return {
    method: request.method,
    url: `${request.protocol}://${request.headers.host ?? ''}${path}`.slice(0, MAX_TEXT_LENGTH),
    headers: copyHeaders(request.headers),
    GET: Object.fromEntries(new URLSearchParams(query)),
  };
}

/** Returns the matched route, such as `/api/activities/:uuid`; undefined when there is none. */
export function routeOf(request: Request): string | undefined {
  const path: unknown = request.route?.path;
  return typeof path === 'string' ? request.baseUrl + path : undefined;
}

function copyHeaders(headers: IncomingHttpHeaders): RequestCopy['headers'] {
  return redactHeaders(Object.fromEntries(SAFE_HEADERS.map((name) => [name, headers[name]])));
}
