/** The trace header of X-Ray and of AWS load balancers, in lower case like Node's header names. */
export const AMZN_HEADER = 'x-amzn-trace-id';

const MAX_HEADER_LENGTH = 1024;
const ROOT = /(?:^|;)\s*Root=1-([0-9a-f]{8})-([0-9a-f]{24})\s*(?:;|$)/i;
const PARENT = /(?:^|;)\s*Parent=([0-9a-f]{16})\s*(?:;|$)/i;
const SAMPLED = /(?:^|;)\s*Sampled=([01])\s*(?:;|$)/i;
const ZEROS = /^0+$/;

export interface AmznTraceId {
  /** 32 hex digits, as in OpenTelemetry. */
  readonly traceId: string;
  readonly spanId: string | undefined;
  readonly sampled: boolean | undefined;
}

/** Parses `X-Amzn-Trace-Id`. Returns undefined for a malformed, repeated or overlong header. */
export function parseAmznTraceId(header: unknown): AmznTraceId | undefined {
  if (typeof header !== 'string' || header.length > MAX_HEADER_LENGTH) return undefined;
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
