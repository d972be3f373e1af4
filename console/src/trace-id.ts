const HEX = /^[0-9a-f]{32}$/i;
const XRAY = /^(?:Root=)?1-([0-9a-f]{8})-([0-9a-f]{24})(?:;|$)/i;
const TRACEPARENT = /^[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}/i;
const IN_TEXT = /trace[_.-]?id["'\s:=]{1,4}(?:Root=)?(1-[0-9a-f]{8}-[0-9a-f]{24}|[0-9a-f]{32})(?![0-9a-f])/i;
const FIELDS = ['trace_id', 'traceId', 'trace.id', 'xray_trace_id'];
const NONE = '0'.repeat(32);

/**
 * Returns a trace id as 32 lower-case hex digits, from any of its forms: W3C's 32 digits, X-Ray's `1-8-24`,
 * and the values of the headers `traceparent` and `X-Amzn-Trace-Id`. Returns undefined for anything else.
 */
export function toTraceId(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  if (HEX.test(value)) return valid(value);
  const xray = XRAY.exec(value);
  if (xray) return valid(`${xray[1]}${xray[2]}`);
  return valid(TRACEPARENT.exec(value)?.[1]);
}

/** Returns the trace id in one of the fields that loggers use. */
export function traceIdOfFields(fields: Record<string, unknown>): string | undefined {
  for (const name of FIELDS) {
    const id = toTraceId(fields[name]);
    if (id) return id;
  }
  return undefined;
}

/** Returns the trace id in a plain text such as `AWS-XRAY-TRACE-ID: 1-…` or `trace_id=…`. */
export function traceIdOfText(text: string): string | undefined {
  return toTraceId(IN_TEXT.exec(text)?.[1]);
}

function valid(hex: string | undefined): string | undefined {
  const id = hex?.toLowerCase();
  return id === NONE ? undefined : id;
}
