import { type SpanContext, trace } from '@opentelemetry/api';
import type { Segment } from 'aws-xray-sdk-core';
import type { Request } from 'express';
import { peerAddress } from '../../../lib/ip-address.ts';
import { MAX_TEXT_BYTES, truncate } from '../../../lib/truncate.ts';
import { AMZN_HEADER, parseAmznTraceId, toXRayTraceId, xrayTraceIdOf } from '../../amzn-trace-id.ts';
import { trustOf } from '../../proxy-trust.ts';
import { redactUrl } from '../../redact.ts';
import { clientOf, schemeOf } from '../../request/client.ts';
import { asPath } from '../../request/path.ts';
import { serverOf } from '../../request/server.ts';

const MAX_HOST_LENGTH = 255;
const MAX_USER_AGENT_LENGTH = 512;

/** The members of a request that the SDK's middleware reads, and `segment`, which it sets. */
export interface RequestView {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly connection: { readonly encrypted: boolean; readonly remoteAddress: string | undefined };
  segment?: Segment;
}

/**
 * Copies the parts of a request that the segment may show. The SDK would trust every header, keep the values
 * of secret query parameters and accept text of any length. The request's own trace header stays unchanged.
 */
export function viewRequest(request: Request): RequestView {
  const { headers, socket } = request;
  const trust = trustOf(request);
  const client = clientOf(request, trust);
  const scheme = schemeOf(request, trust);
  const { authority } = serverOf(request);
  // The SDK puts the path after both.
  const maxBytes = MAX_TEXT_BYTES - `${scheme}://${authority}`.length;
  const peer = socket.remoteAddress && peerAddress(socket.remoteAddress);
  return {
    method: request.method,
    url: truncate(asPath(redactUrl(request.originalUrl)), maxBytes),
    headers: {
      host: authority,
      'user-agent': headers['user-agent']?.slice(0, MAX_USER_AGENT_LENGTH),
      // Only when the client is not the peer: X-Ray then marks the address as forwarded.
      'x-forwarded-for': client === peer ? undefined : client,
      [AMZN_HEADER]: traceHeaderOf(request),
    },
    connection: { encrypted: scheme === 'https', remoteAddress: peer },
  };
}

/** Returns the `Host` header, truncated to the maximum length of a host name. */
export function hostOf(request: Request): string | undefined {
  return request.headers.host?.slice(0, MAX_HOST_LENGTH);
}

/** Builds the trace header: OpenTelemetry's trace, and the parent segment from the caller's X-Ray header. */
function traceHeaderOf(request: Request): string {
  const span = trace.getActiveSpan()?.spanContext();
  if (span === undefined || !trace.isSpanContextValid(span)) return 'Sampled=1';
  const parent = parentOf(request, span);
  return `Root=${xrayTraceIdOf(span)}${parent === undefined ? '' : `;Parent=${parent}`};Sampled=1`;
}

/** The caller's segment is the parent if it is in the same trace of X-Ray. */
function parentOf(request: Request, span: SpanContext): string | undefined {
  const header = request.headers[AMZN_HEADER];
  if (header === undefined) return undefined;
  const caller = parseAmznTraceId(header);
  return caller && toXRayTraceId(caller.traceId) === xrayTraceIdOf(span) ? caller.spanId : undefined;
}
