import { context } from '@opentelemetry/api';
import type { Config } from '../../config/config.ts';
import type { BatchQueue } from '../delivery/batch-queue.ts';
import type { Sinks } from '../delivery/sink-counters.ts';
import { RequestContextManager } from './context-manager.ts';
import { createSpanLimit, type SpanLimit } from './span-limit.ts';
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
  const traceIds = createTraceIds({ segments: config.xray !== undefined });
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
  const limit = openSpanLimit(config, sinks);
  startSdk({ config, sampling: spans, traceIds, processor: destinations.processor, limit });
  return { traceIds, drain: destinations.drain };
}

/** Creates the limit of `OTEL_SPANS_PER_SECOND`. Each system that receives spans shows what it misses. */
function openSpanLimit(
  { otlp, xrayOtlp }: Pick<Config, 'otlp' | 'xrayOtlp'>,
  { honeycomb, xray }: Pick<Sinks, 'honeycomb' | 'xray'>,
): SpanLimit | undefined {
  const spansPerSecond = (otlp ?? xrayOtlp)?.spansPerSecond;
  if (spansPerSecond === undefined) return undefined;
  return createSpanLimit({
    spansPerSecond,
    onRefused() {
      if (otlp !== undefined) honeycomb.limited();
      if (xrayOtlp !== undefined) xray.limited();
    },
  });
}
