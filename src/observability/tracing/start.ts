import { context } from '@opentelemetry/api';
import type { Config } from '../../config/config.ts';
import type { BatchQueue } from '../delivery/batch-queue.ts';
import type { Sinks } from '../delivery/sink-counters.ts';
import { RequestContextManager } from './context-manager.ts';
import { createTraceIds, type TraceIds } from './trace-ids.ts';

/** The running OpenTelemetry SDK. */
export interface Tracing {
  readonly traceIds: TraceIds;
  readonly drain: BatchQueue<unknown>['drain'];
}

/**
 * Starts OpenTelemetry, once per process. Without an endpoint for spans it does not load the SDK and creates
 * no span. It still carries the context, so that segments, log lines and responses share their request's id.
 */
export async function startTracing(
  config: Config,
  sinks: Pick<Sinks, 'honeycomb' | 'xray'>,
): Promise<Tracing> {
  const traceIds = createTraceIds();
  const spans = config.otlp ?? config.xrayOtlp;
  if (spans === undefined) {
    context.setGlobalContextManager(new RequestContextManager().enable());
    return { traceIds, drain: async () => {} };
  }
  const [{ startSdk }, { openSpanDestinations }] = await Promise.all([
    import('./sdk.ts'),
    import('../otlp/destinations.ts'),
  ]);
  const destinations = await openSpanDestinations(config, sinks);
  startSdk({ config, sampling: spans, traceIds, processor: destinations.processor });
  return { traceIds, drain: destinations.drain };
}
