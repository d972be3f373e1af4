import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Attributes, type Span, SpanStatusCode } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import {
  ATTR_CLIENT_ADDRESS,
  ATTR_ERROR_TYPE,
  ATTR_HTTP_REQUEST_METHOD,
  ATTR_HTTP_REQUEST_METHOD_ORIGINAL,
  ATTR_HTTP_RESPONSE_STATUS_CODE,
  ATTR_HTTP_ROUTE,
  ATTR_NETWORK_PEER_ADDRESS,
  ATTR_NETWORK_PEER_PORT,
  ATTR_NETWORK_PROTOCOL_VERSION,
  ATTR_SERVER_ADDRESS,
  ATTR_SERVER_PORT,
  ATTR_URL_PATH,
  ATTR_URL_QUERY,
  ATTR_URL_SCHEME,
  ATTR_USER_AGENT_ORIGINAL,
} from '@opentelemetry/semantic-conventions';
import type { Request } from 'express';
import { peerAddress } from '../../lib/ip-address.ts';
import type { ProxyTrust } from '../proxy-trust.ts';
import { redactUrl } from '../redact.ts';
import { clientOf, schemeOf } from '../request/client.ts';
import { didClientLeave, isAnswered } from '../request/disconnect.ts';
import { pathOf } from '../request/path.ts';
import { routeOf } from '../request/route.ts';
import { portOf, serverOf } from '../request/server.ts';
import { setAttributes } from '../span-attributes.ts';

/** https://opentelemetry.io/docs/specs/semconv/registry/attributes/http/#http-request-method */
const KNOWN_METHODS = new Set('CONNECT DELETE GET HEAD OPTIONS PATCH POST PUT QUERY TRACE'.split(' '));
const OTHER_METHOD = '_OTHER';

const UNANSWERED = 'The service closed the connection before it answered.';

/** Returns the address of the peer; undefined if the connection closed before anything read it. */
export function peerOf({ socket }: IncomingMessage): string | undefined {
  return socket.remoteAddress && peerAddress(socket.remoteAddress);
}

/**
 * Returns the attributes that a server span has from its start.
 * https://opentelemetry.io/docs/specs/semconv/http/http-spans/#http-server-span
 */
export function requestAttributes(request: IncomingMessage, trust: ProxyTrust): Attributes {
  const { method = 'GET' } = request;
  const url = redactUrl(request.url ?? '');
  const path = pathOf(url);
  const scheme = schemeOf(request, trust);
  const server = serverOf(request);
  const isKnown = KNOWN_METHODS.has(method);
  return {
    [ATTR_HTTP_REQUEST_METHOD]: isKnown ? method : OTHER_METHOD,
    [ATTR_HTTP_REQUEST_METHOD_ORIGINAL]: isKnown ? undefined : method,
    [ATTR_URL_SCHEME]: scheme,
    [ATTR_URL_PATH]: path,
    [ATTR_URL_QUERY]: url[path.length] === '?' ? url.slice(path.length + 1) : undefined,
    [ATTR_SERVER_ADDRESS]: server.address,
    [ATTR_SERVER_PORT]: portOf(server, scheme),
    [ATTR_CLIENT_ADDRESS]: clientOf(request, trust),
    [ATTR_NETWORK_PEER_ADDRESS]: peerOf(request),
    [ATTR_NETWORK_PEER_PORT]: request.socket.remotePort,
    [ATTR_NETWORK_PROTOCOL_VERSION]: request.httpVersion,
    [ATTR_USER_AGENT_ORIGINAL]: request.headers['user-agent'],
  };
}

/** Ends a server span when its response is closed: with the route, and with the status if one was sent. */
export function completeServerSpan(span: Span, request: Request, response: ServerResponse): void {
  const status = isAnswered(response) ? response.statusCode : undefined;
  const route = routeOf(request);
  if (route !== undefined) span.updateName(`${request.method} ${route}`);
  setAttributes(span, {
    [ATTR_HTTP_RESPONSE_STATUS_CODE]: status,
    [ATTR_HTTP_ROUTE]: route,
    [ATTR_ERROR_TYPE]: errorTypeOf(response),
  });
  if (status !== undefined && status >= 500) markFailed(span);
  if (status === undefined && !didClientLeave(response)) markFailed(span, UNANSWERED);
  span.end();
}

function errorTypeOf(response: ServerResponse): string | undefined {
  if (!response.writableFinished) return didClientLeave(response) ? 'client_aborted' : 'cut_off';
  return response.statusCode >= 500 ? String(response.statusCode) : undefined;
}

/** Keeps the status that the error handler has set, with the error's message. */
function markFailed(span: Span, message?: string): void {
  const { status } = span as unknown as ReadableSpan;
  if (status.code !== SpanStatusCode.ERROR)
    span.setStatus({ code: SpanStatusCode.ERROR, ...(message && { message }) });
}
