import { hostname } from 'node:os';
import { trace } from '@opentelemetry/api';
import { envDetector, resourceFromAttributes, serviceInstanceIdDetector } from '@opentelemetry/resources';
import { NodeSDK } from '@opentelemetry/sdk-node';
import type { SpanProcessor } from '@opentelemetry/sdk-trace';
import { ATTR_SERVICE_VERSION } from '@opentelemetry/semantic-conventions';
import type { Config } from '../../config/config.ts';
import { ATTR_HOST_NAME } from '../attributes.ts';
import { createFlagTrust } from '../flag-trust.ts';
import { proxyTrust } from '../proxy-trust.ts';
import { RequestContextManager } from './context-manager.ts';
import { instrument, redactOutgoingUrl } from './instrumentations.ts';
import { createSampler } from './sampler.ts';
import type { SpanLimit } from './span-limit.ts';
import type { TraceIds } from './trace-ids.ts';

interface SdkOptions {
  readonly config: Config;
  readonly sampling: Parameters<typeof createSampler>[0];
  readonly traceIds: TraceIds;
  readonly processor: SpanProcessor;
  readonly limit: SpanLimit | undefined;
}

/** Starts the SDK for traces only, and instruments this process. */
export function startSdk({ config, sampling, traceIds, processor, limit }: SdkOptions): void {
  const sdk = new NodeSDK({
    serviceName: config.service.name,
    resource: resourceFromAttributes({
      [ATTR_SERVICE_VERSION]: config.service.version,
      [ATTR_HOST_NAME]: hostname(),
    }),
    resourceDetectors: [envDetector, serviceInstanceIdDetector],
    contextManager: new RequestContextManager(),
    textMapPropagator: traceIds.propagator,
    idGenerator: traceIds.idGenerator,
    sampler: createSampler(sampling, {
      trustsFlag: createFlagTrust(config),
      newTraceId: traceIds.idGenerator.generateTraceId,
      limit,
    }),
    spanProcessors: [{ ...processor, onStart: redactOutgoingUrl }],
    // By default both have exporters of their own, whose data Honeycomb bills.
    metricReaders: [],
    logRecordProcessors: [],
  });
  sdk.start();
  instrument(trace.getTracerProvider(), proxyTrust(config.trustProxy));
}
