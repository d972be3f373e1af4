import http from 'node:http';
import https from 'node:https';
import { SpanKind, type TracerProvider } from '@opentelemetry/api';
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http';
import { UndiciInstrumentation } from '@opentelemetry/instrumentation-undici';
import type { Span as SdkSpan } from '@opentelemetry/sdk-trace';
import { ATTR_URL_FULL, ATTR_URL_PATH, ATTR_URL_QUERY } from '@opentelemetry/semantic-conventions';
import type { ProxyTrust } from '../proxy-trust.ts';
import { redactUrl } from '../redact.ts';
import { traceRequests } from './trace-requests.ts';

/**
 * Instruments outgoing requests of http, https and fetch by applying the instrumentations' own patches to the
 * loaded modules. Loader hooks would do the same, but they double every outgoing span and do not work in
 * vitest. Incoming requests are traced by `traceRequests`.
 */
export function instrument(tracerProvider: TracerProvider, trust: ProxyTrust): void {
  const instrumentation = new HttpInstrumentation({
    enabled: false,
    requireParentforOutgoingSpans: true,
    disableIncomingRequestInstrumentation: true,
  });
  const modules: Record<string, unknown> = { http, https };
  instrumentation.setTracerProvider(tracerProvider);
  for (const definition of instrumentation.getModuleDefinitions())
    definition.patch?.(modules[definition.name]);
  const { instrumentationName, instrumentationVersion } = instrumentation;
  traceRequests(tracerProvider.getTracer(instrumentationName, instrumentationVersion), trust);
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
