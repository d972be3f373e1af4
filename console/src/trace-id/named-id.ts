import { toTraceId } from './trace-id.ts';

/** Such as `trace_id`, `TraceId`, `mdc.trace_id`, `otelTraceID` and `X-Amzn-Trace-Id`, without separators. */
const NAME = /traceid$/;
/** Ids of other traces, and words that only end alike, such as `backtrace_id`. */
const OTHER = /(?:parent|links?|linked|prev|previous|original|caused?by|related|stack|back)traceid$/;
/**
 * The headers `traceparent` and `b3`, Google Cloud's `logging.googleapis.com/trace`, Serilog's `@tr`, and the
 * `tracing.value` of Lambda.
 */
const WITHOUT_ID =
  /^(?:.*traceparent|b3|.*sentrytrace|.*xcloudtracecontext|(?:.*googleapiscom)?trace|tr|.*tracingvalue)$/;
const OWN = /xray|amzn/;
const DATADOG = /^(?:dd|datadog)/;

const HALF = /^[0-9a-f]{16}$/i;
/** As Python's `hex()` writes a number, without zeros in front. */
const PREFIXED = /^0x([0-9a-f]{16,32})$/i;
const DECIMAL = /^\d{1,20}$/;
const MAX_UINT64 = 2n ** 64n;

/** Returns the name of a field, or its path, in lower case and without separators. */
export function plainName(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '');
}

/** Returns whether loggers give the id of the trace this name, in the form that `plainName` returns. */
export function namesTrace(plain: string): boolean {
  return NAME.test(plain) ? !OTHER.test(plain) : WITHOUT_ID.test(plain);
}

/** Returns whether a name is of X-Ray's id, which may be the service's own beside the id of its caller. */
export function isOwnName(plain: string): boolean {
  return OWN.test(plain);
}

/**
 * Reads the value of a field with such a name. An id of 64 bits, 16 hex digits or Datadog's decimal digits,
 * is padded with zeros, as exporters to OTLP do.
 */
export function toNamedId(value: unknown, plain: string): string | undefined {
  if (typeof value !== 'string') return undefined;
  const trimmed = value.trim();
  const text = PREFIXED.exec(trimmed)?.[1]?.padStart(32, '0') ?? trimmed;
  if (!DATADOG.test(plain)) return toTraceId(HALF.test(text) ? text.padStart(32, '0') : text);
  if (!DECIMAL.test(text)) return toTraceId(text);
  const number = BigInt(text);
  return number < MAX_UINT64 ? toTraceId(number.toString(16).padStart(32, '0')) : undefined;
}
