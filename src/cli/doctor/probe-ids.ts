import { createTraceIds } from '../../observability/tracing/trace-ids.ts';

/** The ids that all items of one run carry, as the items of one request do. */
export interface ProbeIds {
  readonly traceId: string;
  readonly spanId: string;
}

/** Generates new ids. */
export function createProbeIds(): ProbeIds {
  const { idGenerator } = createTraceIds();
  return { traceId: idGenerator.generateTraceId(), spanId: idGenerator.generateSpanId() };
}
