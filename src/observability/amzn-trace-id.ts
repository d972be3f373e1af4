import type { SpanContext } from '@opentelemetry/api';
import { CallerState, type OwnXRayId } from './trace-state.ts';

/** The trace header of X-Ray and of AWS load balancers, in lower case like Node's header names. */
export const AMZN_HEADER = 'x-amzn-trace-id';

const MAX_HEADER_LENGTH = 1024;
const ROOT = /(?:^|;)\s*Root=1-([0-9a-f]{8})-([0-9a-f]{24})\s*(?:;|$)/i;
const PARENT = /(?:^|;)\s*Parent=([0-9a-f]{16})\s*(?:;|$)/i;
const SAMPLED = /(?:^|;)\s*Sampled=([01])\s*(?:;|$)/i;
const ZEROS = /^0+$/;
/** Node and proxies join the lines of a repeated header with commas. */
const REPEATED = /,\s*\w+=/;

export interface AmznTraceId {
  /** 32 hex digits, as in OpenTelemetry. */
  readonly traceId: string;
  readonly spanId: string | undefined;
  readonly sampled: boolean | undefined;
}

/** Parses `X-Amzn-Trace-Id`. Returns undefined for a malformed, repeated or overlong header. */
export function parseAmznTraceId(header: unknown): AmznTraceId | undefined {
  if (typeof header !== 'string' || header.length > MAX_HEADER_LENGTH) return undefined;
  if (REPEATED.test(header)) return undefined;
  const [, time, unique] = ROOT.exec(header) ?? [];
  if (time === undefined || unique === undefined || ZEROS.test(time + unique)) return undefined;
  const parent = PARENT.exec(header)?.[1]?.toLowerCase();
  const sampled = SAMPLED.exec(header)?.[1];
  return {
    traceId: (time + unique).toLowerCase(),
    spanId: parent === undefined || ZEROS.test(parent) ? undefined : parent,
    sampled: sampled === undefined ? undefined : sampled === '1',
  };
}

/** Formats a trace id for X-Ray: `1-<8 hex>-<24 hex>`. */
export function toXRayTraceId(traceId: string): string {
  return `1-${traceId.slice(0, 8)}-${traceId.slice(8)}`;
}

/** Returns the id of a span's trace in X-Ray: the same id, or one of our own if X-Ray would not show it. */
export function xrayTraceIdOf({ traceId, traceState }: SpanContext): string {
  return ownXRayIdOf(traceState)?.xrayTraceId ?? toXRayTraceId(traceId);
}

/** Returns what X-Ray gets in place of the caller's trace id; undefined if that id serves X-Ray as well. */
export function ownXRayIdOf(traceState: SpanContext['traceState']): OwnXRayId | undefined {
  return traceState instanceof CallerState ? traceState.own : undefined;
}

/** Formats the header of an outgoing request. */
export function formatAmznTraceId(span: SpanContext, parentId: string, sampled: boolean): string {
  return `Root=${xrayTraceIdOf(span)};Parent=${parentId};Sampled=${Number(sampled)}`;
}
