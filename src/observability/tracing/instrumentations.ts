import http, { type IncomingMessage, ServerResponse } from 'node:http';
import https from 'node:https';
import { SpanKind, type TracerProvider } from '@opentelemetry/api';
import { ExpressInstrumentation, ExpressLayerType } from '@opentelemetry/instrumentation-express';
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http';
import { UndiciInstrumentation } from '@opentelemetry/instrumentation-undici';
import type { Span as SdkSpan } from '@opentelemetry/sdk-trace';
import { ATTR_URL_FULL, ATTR_URL_PATH, ATTR_URL_QUERY } from '@opentelemetry/semantic-conventions';
import express, { type Request } from 'express';
import { isHealthPath } from '../probes.ts';
import type { ProxyTrust } from '../proxy-trust.ts';
import { redactUrl } from '../redact.ts';
import { completeServerSpan, requestAttributes } from './server-span.ts';

/**
 * Instruments http, https, express and fetch by applying the instrumentations' own patches to the loaded
 * modules. Loader hooks would do the same, but they double every outgoing span and do not work in vitest.
 */
export function instrument(tracerProvider: TracerProvider, trust: ProxyTrust): void {
  const httpInstrumentation = new HttpInstrumentation({
    enabled: false,
    requireParentforOutgoingSpans: true,
    ignoreIncomingRequestHook: (request) => isHealthPath(request.url ?? ''),
    startIncomingSpanHook: (request) => requestAttributes(request as IncomingMessage, trust),
    applyCustomAttributesOnSpan: (span, request, response) => {
      if (response instanceof ServerResponse)
        completeServerSpan(span as SdkSpan, request as Request, response);
    },
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

/**
 * Redacts the URL of a request that the service itself makes, when its span starts. The http instrumentation
 * redacts a short list of parameters, the fetch instrumentation none.
 */
export function redactOutgoingUrl(span: SdkSpan): void {
  if (span.kind !== SpanKind.CLIENT) return;
  const url = span.attributes[ATTR_URL_FULL];
  if (typeof url !== 'string') return;
  const redacted = redactUrl(url);
  if (redacted === url) return;
  const [, path = '/', query = ''] = /^\w+:\/\/[^/?#]*([^?#]*)(?:\?(.*))?/.exec(redacted) ?? [];
  span.setAttribute(ATTR_URL_FULL, redacted);
  if (ATTR_URL_PATH in span.attributes) span.setAttribute(ATTR_URL_PATH, path);
  if (ATTR_URL_QUERY in span.attributes) span.setAttribute(ATTR_URL_QUERY, query);
}
