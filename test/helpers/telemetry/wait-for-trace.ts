import type { ReceivedLogEvent, Receivers, RollbarItem, SegmentDocument, Span } from './receivers.ts';

/** Everything that the receivers have of one trace. */
export interface Trace {
  readonly spans: readonly Span[];
  readonly segments: readonly SegmentDocument[];
  readonly logs: readonly ReceivedLogEvent[];
  readonly reports: readonly RollbarItem[];
}

/** Resolves with a trace as soon as each of `parts` has something of it. */
export async function waitForTrace(
  receivers: Receivers,
  traceId: string,
  ...parts: readonly (keyof Trace)[]
): Promise<Trace> {
  const xrayId = `1-${traceId.slice(0, 8)}-${traceId.slice(8)}`;
  const trace = (): Trace => ({
    spans: receivers.spans().filter((span) => span.traceId === traceId),
    segments: receivers.segments().filter((segment) => segment.trace_id === xrayId),
    logs: receivers.logEvents().filter(({ fields }) => fields.trace_id === traceId),
    reports: receivers.reports().filter(({ custom }) => Object(custom).trace_id === traceId),
  });
  await receivers.until(() => parts.every((part) => trace()[part].length > 0), 15_000);
  return trace();
}
