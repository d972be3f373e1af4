import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import https from 'node:https';
import { type Attributes, type Span, SpanKind, type TracerProvider } from '@opentelemetry/api';
import { ExpressInstrumentation, ExpressLayerType } from '@opentelemetry/instrumentation-express';
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http';
import { UndiciInstrumentation } from '@opentelemetry/instrumentation-undici';
import type { Span as SdkSpan } from '@opentelemetry/sdk-trace';
import {
  ATTR_CLIENT_ADDRESS,
  ATTR_HTTP_ROUTE,
  ATTR_URL_FULL,
  ATTR_URL_QUERY,
} from '@opentelemetry/semantic-conventions';
import express, { type Request } from 'express';
import { isHealthPath } from '../probes.ts';
import { redactUrl } from '../redact.ts';
import type { IsTrustedPeer } from '../trusted-peer.ts';

/**
 * Instruments http, https, express and fetch by applying the instrumentations' own patches to the loaded
 * modules. Loader hooks would do the same, but they double every outgoing span and do not work in vitest.
 */
export function instrument(tracerProvider: TracerProvider, isTrustedPeer: IsTrustedPeer): void {
  const httpInstrumentation = new HttpInstrumentation({
    enabled: false,
    requireParentforOutgoingSpans: true,
    ignoreIncomingRequestHook: (request) => isHealthPath(request.url ?? ''),
    startIncomingSpanHook: (request) => correctAttributes(request, isTrustedPeer),
    applyCustomAttributesOnSpan: nameAbortedRoute,
  });
  const expressInstrumentation = new ExpressInstrumentation({
    enabled: false,
    ignoreLayersType: [
      ExpressLayerType.MIDDLEWARE,
      ExpressLayerType.ROUTER,
      ExpressLayerType.REQUEST_HANDLER,
    ],
  });
  const modules: Record<string, unknown> = { http, https, express };
  const { use } = express.Router.prototype;
  const { use: useOfApp } = express.application;
  for (const instrumentation of [httpInstrumentation, expressInstrumentation]) {
    instrumentation.setTracerProvider(tracerProvider);
    for (const definition of instrumentation.getModuleDefinitions())
      definition.patch?.(modules[definition.name]);
  }
  // Express's patches are needed for the path of the route only. These two would wrap middleware, which has
  // none.
  express.Router.prototype.use = use;
  express.application.use = useOfApp;
  new UndiciInstrumentation({ requireParentforSpans: true }).setTracerProvider(tracerProvider);
}

/** Corrects two attributes: the instrumentation trusts any forwarding header, and redacts few parameters. */
function correctAttributes(request: IncomingMessage | object, isTrustedPeer: IsTrustedPeer): Attributes {
  const attributes: Attributes = {};
  if (!('socket' in request)) return attributes;
  const { remoteAddress } = request.socket;
  if (!isTrustedPeer(remoteAddress)) attributes[ATTR_CLIENT_ADDRESS] = remoteAddress;
  const url = request.url ?? '';
  if (url.includes('?')) {
    const redacted = redactUrl(url);
    attributes[ATTR_URL_QUERY] = redacted.slice(redacted.indexOf('?') + 1);
  }
  return attributes;
}

/** Sets the route when the client disconnects: the response then closes outside the route's context. */
function nameAbortedRoute(span: Span, request: object, response: ServerResponse | object): void {
  if ('writableFinished' in response && response.writableFinished) return;
  const { route, baseUrl, method } = request as Partial<Request>;
  if (typeof route?.path !== 'string') return;
  span.setAttribute(ATTR_HTTP_ROUTE, `${baseUrl}${route.path}`);
  span.updateName(`${method} ${baseUrl}${route.path}`);
}

/**
 * Redacts the URL of a request that the service itself makes, when its span starts. The http instrumentation
 * redacts a short list of parameters, the fetch instrumentation none.
 */
export function redactOutgoingUrl(span: SdkSpan): void {
  if (span.kind !== SpanKind.CLIENT) return;
  const url = span.attributes[ATTR_URL_FULL];
  if (typeof url !== 'string' || !/[?@]/.test(url)) return;
  const redacted = redactUrl(url);
  span.setAttribute(ATTR_URL_FULL, redacted);
  if (ATTR_URL_QUERY in span.attributes)
    span.setAttribute(ATTR_URL_QUERY, /\?(.*)/.exec(redacted)?.[1] ?? '');
}
