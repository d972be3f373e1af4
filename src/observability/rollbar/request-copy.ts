import type { IncomingHttpHeaders } from 'node:http';
import type { Request } from 'express';
import { redactHeaders, redactUrl } from '../redact.ts';

const LONGEST_TEXT = 2_048;

/** What a header may carry is anybody's guess: those named here are sent, and no other. */
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

/** A request as a report shows it, in Rollbar's names: no body, no address, no person, no secret. */
export interface RequestCopy {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string | string[]>>;
  /** The query. */
  readonly GET: Readonly<Record<string, string>>;
}

/** Copies what a report may show of a request; the live request never reaches the library, which writes into it. */
export function copyRequest(request: Request): RequestCopy {
  const path = redactUrl(request.originalUrl).slice(0, LONGEST_TEXT);
  const [, query = ''] = path.split('?', 2);
  return {
    method: request.method,
    url: `${request.protocol}://${request.headers.host ?? ''}${path}`.slice(0, LONGEST_TEXT),
    headers: copyHeaders(request.headers),
    GET: Object.fromEntries(new URLSearchParams(query)),
  };
}

/** The route that matched, such as `/api/activities/:uuid`; undefined when none did. */
export function routeOf(request: Request): string | undefined {
  const path: unknown = request.route?.path;
  return typeof path === 'string' ? request.baseUrl + path : undefined;
}

function copyHeaders(headers: IncomingHttpHeaders): RequestCopy['headers'] {
  return redactHeaders(Object.fromEntries(SAFE_HEADERS.map((name) => [name, headers[name]])));
}
