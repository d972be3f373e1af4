import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Attributes, SpanStatusCode } from '@opentelemetry/api';
import type { Span } from '@opentelemetry/sdk-trace';
import {
  ATTR_CLIENT_ADDRESS,
  ATTR_ERROR_TYPE,
  ATTR_EXCEPTION_MESSAGE,
  ATTR_HTTP_RESPONSE_STATUS_CODE,
  ATTR_HTTP_ROUTE,
  ATTR_NETWORK_PEER_ADDRESS,
  ATTR_SERVER_ADDRESS,
  ATTR_SERVER_PORT,
  ATTR_URL_PATH,
  ATTR_URL_QUERY,
  ATTR_URL_SCHEME,
} from '@opentelemetry/semantic-conventions';
import type { Request } from 'express';
import { peerAddress } from '../../lib/ip-address.ts';
import type { ProxyTrust } from '../proxy-trust.ts';
import { redactUrl } from '../redact.ts';
import { clientOf, schemeOf } from '../request/client.ts';
import { didClientLeave } from '../request/disconnect.ts';
import { pathOf } from '../request/path.ts';
import { routeOf } from '../request/route.ts';
import { portOf, serverOf } from '../request/server.ts';

const UNANSWERED = 'The service closed the connection before it answered.';

/**
 * Returns the attributes of a server span that replace the instrumentation's own when the span starts. Those
 * trust any forwarding header, normalise the path, and redact few parameters.
 */
export function requestAttributes(request: IncomingMessage, trust: ProxyTrust): Attributes {
  const { socket } = request;
  const url = redactUrl(request.url ?? '');
  const scheme = schemeOf(request, trust);
  const server = serverOf(request);
  const path = pathOf(url);
  return {
    [ATTR_CLIENT_ADDRESS]: clientOf(request, trust),
    [ATTR_NETWORK_PEER_ADDRESS]: socket.remoteAddress && peerAddress(socket.remoteAddress),
    [ATTR_SERVER_ADDRESS]: server.address,
    [ATTR_SERVER_PORT]: portOf(server, scheme),
    [ATTR_URL_SCHEME]: scheme,
    [ATTR_URL_PATH]: path,
    [ATTR_URL_QUERY]: url[path.length] === '?' ? url.slice(path.length + 1) : undefined,
  };
}

/**
 * Corrects a server span before it ends: the instrumentation replaces the status of a recorded error by one
 * without its message, records the status of a response that was never sent, and takes the route from the
 * context in which the response ends: none for a client that disconnected, and that of the request before for
 * one that pipelines.
 */
export function completeServerSpan(span: Span, request: Request, response: ServerResponse): void {
  if (!span.isRecording()) return;
  if (span.status.code === SpanStatusCode.ERROR) keepMessage(span);
  const route = routeOf(request);
  if (span.attributes[ATTR_HTTP_ROUTE] !== route) nameRoute(span, request.method, route);
  if (response.writableFinished) return;
  const left = didClientLeave(response);
  span.setAttribute(ATTR_ERROR_TYPE, left ? 'client_aborted' : 'cut_off');
  if (response.headersSent) return;
  delete span.attributes[ATTR_HTTP_RESPONSE_STATUS_CODE];
  if (!left) span.setStatus({ code: SpanStatusCode.ERROR, message: UNANSWERED });
}

/** Sets the message of the exception that the error handler recorded as that of the status. */
function keepMessage(span: Span): void {
  const message = span.events.at(-1)?.attributes?.[ATTR_EXCEPTION_MESSAGE];
  if (typeof message === 'string') span.setStatus({ code: SpanStatusCode.ERROR, message });
}

function nameRoute(span: Span, method: string, route: string | undefined): void {
  span.updateName(route === undefined ? method : `${method} ${route}`);
  if (route === undefined) delete span.attributes[ATTR_HTTP_ROUTE];
  else span.setAttribute(ATTR_HTTP_ROUTE, route);
}
