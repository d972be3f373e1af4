import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import { context, propagation, ROOT_CONTEXT, SpanKind, type Tracer, trace } from '@opentelemetry/api';
import { ATTR_NETWORK_PEER_ADDRESS } from '@opentelemetry/semantic-conventions';
import type { Request } from 'express';
import { isHealthPath } from '../probes.ts';
import type { ProxyTrust } from '../proxy-trust.ts';
import { setAttributes } from '../span-attributes.ts';
import { withoutTracing } from '../suppress-tracing.ts';
import { withLightRoot } from './request-context.ts';
import { completeServerSpan, peerOf, requestAttributes } from './server-span.ts';

const NO_CALLER = withLightRoot(ROOT_CONTEXT);
const NEW_TRACE = { kind: SpanKind.SERVER };

/**
 * Opens a span for each request that any HTTP server of this process receives, except health probes, and
 * runs its listeners inside it. Does what the http instrumentation does for a server at a fifth of the CPU,
 * without its metrics and its second parsing of the URL (docs/adr/0036).
 */
export function traceRequests(tracer: Tracer, trust: ProxyTrust): void {
  const { emit } = http.Server.prototype;

  function openSpan(request: IncomingMessage, response: ServerResponse) {
    const parent = propagation.extract(NO_CALLER, request.headers);
    // The sampler reads the address, to tell whether it trusts the caller.
    const options =
      parent === NO_CALLER
        ? NEW_TRACE
        : { ...NEW_TRACE, attributes: { [ATTR_NETWORK_PEER_ADDRESS]: peerOf(request) } };
    const span = tracer.startSpan(request.method ?? 'GET', options, parent);
    if (span.isRecording()) {
      setAttributes(span, requestAttributes(request, trust));
      response.on('close', () => completeServerSpan(span, request as Request, response));
    }
    return trace.setSpan(parent, span);
  }

  http.Server.prototype.emit = function emitTraced(this: http.Server, ...event: unknown[]): boolean {
    const [name, request, response] = event as [unknown, IncomingMessage, ServerResponse];
    if (name !== 'request') return Reflect.apply(emit, this, event);
    const handle = () => Reflect.apply(emit, this, event);
    if (isHealthPath(request.url ?? '')) return withoutTracing(handle);
    return context.with(openSpan(request, response), handle);
  };
}
