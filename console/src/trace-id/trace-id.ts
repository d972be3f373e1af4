const HEX = /^[0-9a-f]{32}$/i;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
/** The daemon's and the Java agent's lines have `1-…@segment`. */
const XRAY = /^1-([0-9a-f]{8})-([0-9a-f]{24})(?:@|;|$)/i;
/** `Root` may have any place in `X-Amzn-Trace-Id`, and load balancers write `Self` before it. */
const ROOT = /(?:^|;)\s*root\s*=\s*1-([0-9a-f]{8})-([0-9a-f]{24})\s*(?:;|$)/i;
/** The version ff is invalid. */
const TRACEPARENT = /^(?!ff)[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}(?:-|$)/i;
/** `b3` and `sentry-trace`, `uber-trace-id` of Jaeger, `X-Cloud-Trace-Context` of Google. */
const WITH_SPAN = /^([0-9a-f]{32})(?:[-:][0-9a-f]{16}(?:[-:]|$)|\/\d)/i;
const GOOGLE = /^projects\/[^/]{1,100}\/traces\/([0-9a-f]{32})$/i;
const NONE = '0'.repeat(32);
/** Longer values are in no form. `X-Amzn-Trace-Id` may have a `Lineage` and fields of its callers. */
const MAX_LENGTH = 1024;

/**
 * Returns a trace id as 32 lower-case hex digits, from any of its forms: W3C's 32 digits, also written as a
 * UUID; X-Ray's `1-8-24`; the values of the headers `traceparent`, `X-Amzn-Trace-Id`, `b3`, `sentry-trace`,
 * `uber-trace-id` and `X-Cloud-Trace-Context`; and Google's `projects/…/traces/…`. Returns undefined for
 * anything else.
 */
export function toTraceId(value: unknown): string | undefined {
  if (typeof value !== 'string' || value.length > MAX_LENGTH) return undefined;
  const text = value.trim();
  if (HEX.test(text)) return valid(text);
  if (UUID.test(text)) return valid(text.replaceAll('-', ''));
  const xray = XRAY.exec(text) ?? ROOT.exec(text);
  if (xray) return valid(`${xray[1]}${xray[2]}`);
  return valid((TRACEPARENT.exec(text) ?? WITH_SPAN.exec(text) ?? GOOGLE.exec(text))?.[1]);
}

/** It copies the digits, because a part of a text would keep the whole text in memory. */
function valid(hex: string | undefined): string | undefined {
  if (hex === undefined || hex === NONE) return undefined;
  return Buffer.from(hex.toLowerCase(), 'latin1').toString('latin1');
}
