import { context } from '@opentelemetry/api';
import type { Config } from '../config.ts';
import type { BatchQueue } from './batch-queue.ts';
import { RequestContextManager } from './request-context-manager.ts';
import type { Sink } from './sinks.ts';
import { createTraceIds, type TraceIds } from './trace-ids.ts';

/** OpenTelemetry's part of the process. */
export interface Tracing {
  readonly traceIds: TraceIds;
  readonly drain: BatchQueue<unknown>['drain'];
}

/**
 * Starts OpenTelemetry, once a process. Without an endpoint the SDK is not even loaded and no span is made: only the
 * context is carried, so that segments, log lines and answers still share the id of their request.
 */
export async function startTracing(config: Config, sink: Sink): Promise<Tracing> {
  const traceIds = createTraceIds();
  if (config.honeycomb === undefined) {
    context.setGlobalContextManager(new RequestContextManager().enable());
    return { traceIds, drain: async () => {} };
  }
  const { startSdk } = await import('./tracing-sdk.ts');
  return { traceIds, drain: startSdk({ config, honeycomb: config.honeycomb, traceIds, sink }) };
}
