import { hostname } from 'node:os';
import { trace } from '@opentelemetry/api';
import { envDetector, resourceFromAttributes, serviceInstanceIdDetector } from '@opentelemetry/resources';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { ATTR_SERVICE_VERSION } from '@opentelemetry/semantic-conventions';
import type { Config } from '../config.ts';
import { createPeerTrust } from '../http/trusted-peer.ts';
import { ATTR_HOST_NAME } from './attributes.ts';
import { instrument } from './instrumentations.ts';
import { redactOutgoingUrl } from './outgoing-url.ts';
import { RequestContextManager } from './request-context-manager.ts';
import { createSampler } from './sampler.ts';
import type { Sink } from './sinks.ts';
import { createSpanExport } from './span-export.ts';
import { createSpanQueue, type SpanQueue } from './span-queue.ts';
import type { TraceIds } from './trace-ids.ts';

interface SdkOptions {
  readonly config: Config;
  readonly honeycomb: NonNullable<Config['honeycomb']>;
  readonly traceIds: TraceIds;
  readonly sink: Sink;
}

/** Starts the SDK with traces alone and instruments this process; returns the drain of its queue. */
export function startSdk({ config, honeycomb, traceIds, sink }: SdkOptions): SpanQueue['drain'] {
  const isTrustedPeer = createPeerTrust(config.trustProxy);
  const queue = createSpanQueue({
    sink,
    delayMs: honeycomb.delayMs,
    maxQueueSize: honeycomb.maxQueueSize,
    batchSize: honeycomb.batchSize,
    deliver: createSpanExport(honeycomb),
  });
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
    sampler: createSampler(honeycomb, {
      isTrustedPeer,
      newTraceId: traceIds.idGenerator.generateTraceId,
    }),
    spanProcessors: [{ ...queue.processor, onStart: redactOutgoingUrl }],
    // Both default to exporters of their own, which no one asked for and Honeycomb bills.
    metricReaders: [],
    logRecordProcessors: [],
  });
  sdk.start();
  instrument(trace.getTracerProvider(), isTrustedPeer);
  return queue.drain;
}
