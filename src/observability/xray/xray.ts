import type { RequestHandler } from 'express';
import type { Config } from '../../config/config.ts';
import type { Scrub } from '../../lib/scrub/scrub.ts';
import type { SinkCounters } from '../delivery/sink-counters.ts';
import { createFlagTrust } from '../flag-trust.ts';
import type { Logger, LogMethod } from '../logging/logger.ts';
import { requestSegment } from '../segment-context.ts';
import { createDaemonSender, type DaemonSender } from './daemon-sender.ts';
import { toDatagrams } from './datagrams.ts';
import { type SegmentEntity, toDocument } from './document.ts';
import { createDecideSampling } from './sampling/decide-sampling.ts';
import { startSampling } from './sampling/sampling.ts';
import { loadXRaySdk, type XRaySdk } from './sdk.ts';
import { patchForSpeed, patchStackParsing } from './sdk-patches.ts';
import { createSegmentMiddleware } from './segment/segment.ts';
import { createDynamicNaming } from './segment/segment-names.ts';

/** The X-Ray SDK, set up for this service. Exists only when a daemon is configured. */
export interface XRay {
  /**
   * Opens the request's segment when X-Ray samples it, with the trace id of the active OpenTelemetry span.
   */
  readonly openSegment: RequestHandler;
  /** Marks the segment of the current request with a fault. The error handler calls it, for faults only. */
  recordFault(error: Error): void;
  /** Stops the sampling pollers, and waits at most `budgetMs` until every datagram is sent. */
  drain(budgetMs: number): Promise<void>;
}

export interface XRayOptions {
  readonly config: NonNullable<Config['xray']>;
  readonly service: Config['service'];
  readonly trustProxy: Config['trustProxy'];
  readonly trustTraceSampling: Config['trustTraceSampling'];
  readonly sink: SinkCounters;
  readonly logger: Pick<Logger, 'debug'>;
  /** Takes the secrets out of the texts of errors. */
  readonly scrub: Scrub;
}

/**
 * Starts X-Ray, including the polling for sampling rules. The SDK keeps its state for the whole process, so
 * only one can exist at a time. Throws when the SDK was already loaded in automatic mode, or when
 * `aws/json/xray.json` is not a valid rule.
 */
export function createXRay(options: XRayOptions): XRay {
  const { config, service, sink, logger, scrub } = options;
  const sdk = loadXRaySdk();
  quieten(sdk, logger);
  patchStackParsing(sdk, scrub);
  sdk.core.SegmentUtils.setServiceData({
    name: service.name,
    version: service.version,
    runtime: 'node',
    runtime_version: process.version,
  });
  patchForSpeed(sdk);
  const sender = createDaemonSender(config.daemon.udp, sink);
  sdk.emitter.send = (entity) => emit(entity, sender, sink);
  const stopSampling = startSampling(sdk, config.daemon.tcp, sink);
  return {
    openSegment: createSegmentMiddleware({
      sdk,
      serviceName: service.name,
      dynamicNameOf: createDynamicNaming(sdk, config.namePattern),
      decide: createDecideSampling(sdk, createFlagTrust(options)),
      sink,
    }),
    recordFault: (error) => requestSegment()?.addError(error),
    async drain(budgetMs) {
      stopSampling();
      await sender.drain(budgetMs);
    },
  };
}

/**
 * Sends a closed segment or subsegment, whole or in parts. Never throws: the response's listeners call it.
 */
function emit(entity: SegmentEntity, sender: DaemonSender, sink: SinkCounters): void {
  if (sender.isFull()) {
    sender.drop();
    return;
  }
  const { datagrams, trimmed, lost } = toDatagrams(toDocument(entity));
  for (const datagram of datagrams) sender.send(datagram);
  for (const reason of trimmed) sink.failed(reason);
  for (const reason of lost) {
    sink.accepted(1);
    sink.dropped(1, reason);
  }
}

/** Logs the SDK's messages at level debug: the sink reports each failure once. */
function quieten({ core }: XRaySdk, logger: Pick<Logger, 'debug'>): void {
  const silent = () => {};
  const say: LogMethod = (message) => logger.debug(`X-Ray SDK: ${message}`);
  core.setLogger({ debug: silent, info: silent, warn: say, error: say });
  core.setContextMissingStrategy('IGNORE_ERROR');
}
