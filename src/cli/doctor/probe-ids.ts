import { createTraceIds } from '../../observability/tracing/trace-ids.ts';

/** The ids under which all that the doctor sends can be found, as a request's. */
export interface ProbeIds {
  readonly traceId: string;
  readonly spanId: string;
}

export function createProbeIds(): ProbeIds {
  const { idGenerator } = createTraceIds();
  return { traceId: idGenerator.generateTraceId(), spanId: idGenerator.generateSpanId() };
}
