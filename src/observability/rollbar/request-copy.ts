import type { IncomingHttpHeaders } from 'node:http';
import type { Request } from 'express';
import { truncate } from '../../lib/truncate.ts';
import { trustOf } from '../proxy-trust.ts';
import { redactHeaders, redactUrl } from '../redact.ts';
import { schemeOf } from '../request/client.ts';
import { asPath } from '../request/path.ts';
import { serverOf } from '../request/server.ts';

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
  const path = asPath(redactUrl(request.originalUrl));
  const [, query = ''] = path.split('?', 2);
  const scheme = schemeOf(request, trustOf(request));
  return {
    method: request.method,
    url: truncate(`${scheme}://${serverOf(request).authority}${path}`),
    headers: copyHeaders(request.headers),
    GET: Object.fromEntries(new URLSearchParams(truncate(query))),
  };
}

function copyHeaders(headers: IncomingHttpHeaders): RequestCopy['headers'] {
  const copy = redactHeaders(Object.fromEntries(SAFE_HEADERS.map((name) => [name, headers[name]])));
  for (const [name, value] of Object.entries(copy)) {
    copy[name] = typeof value === 'string' ? truncate(value) : value.map((text) => truncate(text));
  }
  return copy;
}
