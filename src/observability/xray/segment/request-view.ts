import type { SpanContext } from '@opentelemetry/api';
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

/** The fields of the SDK's trace header. */
interface TraceFields {
  readonly root: string;
  readonly parent: string | undefined;
  readonly sampled: '1';
}

/** The members of a request that the SDK's middleware reads, and `segment`, which it sets. */
export interface RequestView {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly connection: { readonly encrypted: boolean; readonly remoteAddress: string | undefined };
  readonly trace: TraceFields;
  segment: Segment | undefined;
}

/**
 * Copies the parts of a request that the segment may show. The SDK would trust every header, keep the values
 * of secret query parameters and accept text of any length. The request's own trace header stays unchanged.
 */
export function viewRequest(request: Request, span: SpanContext): RequestView {
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
    },
    connection: { encrypted: scheme === 'https', remoteAddress: peer },
    trace: { root: xrayTraceIdOf(span), parent: parentOf(request, span), sampled: '1' },
    segment: undefined,
  };
}

/** Returns the `Host` header, truncated to the maximum length of a host name. */
export function hostOf(request: Request): string | undefined {
  return request.headers.host?.slice(0, MAX_HOST_LENGTH);
}

/** The caller's segment is the parent if it is in the same trace of X-Ray. */
function parentOf(request: Request, span: SpanContext): string | undefined {
  const header = request.headers[AMZN_HEADER];
  if (header === undefined) return undefined;
  const caller = parseAmznTraceId(header);
  return caller && toXRayTraceId(caller.traceId) === xrayTraceIdOf(span) ? caller.spanId : undefined;
}
