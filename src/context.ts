import { type ActivityStore, createActivityStore } from './activities/store.ts';
import type { Config } from './config/config.ts';
import { createDatabase, type Database } from './db/database.ts';
import type { Drainable } from './lifecycle/drain-in-stages.ts';
import { createMessageStore, type MessageStore } from './messages/store.ts';
import { createNotificationStore, type NotificationStore } from './notifications/store.ts';
import type { Sinks } from './observability/delivery/sink-counters.ts';
import { createLogger, type DrainableLogger } from './observability/logging/logger.ts';
import { createReporter, type Reporter } from './observability/rollbar/reporter.ts';
import type { Tracing } from './observability/tracing/start.ts';
import type { TraceIds } from './observability/tracing/trace-ids.ts';
import type { XRay, XRayOptions } from './observability/xray/xray.ts';

/** All that a request needs, made once. */
export interface AppContext {
  readonly config: Config;
  readonly database: Database;
  readonly activities: ActivityStore;
  readonly messages: MessageStore;
  readonly notifications: NotificationStore;
  readonly logger: DrainableLogger;
  readonly reporter: Reporter;
  /** Undefined when no daemon is configured: X-Ray is off, or gets spans. */
  readonly xray: XRay | undefined;
  readonly sinks: Sinks;
  readonly traceIds: TraceIds;
  /** What is drained at the end, stage by stage: reports, then log lines and segments, then spans, then the database. */
  readonly stages: readonly (readonly Drainable[])[];
}

/** What runs before anything else is loaded. */
export interface Preloaded {
  readonly config: Config;
  readonly sinks: Sinks;
  readonly tracing: Tracing;
}

/** Opens all that the configuration asks for; of a sink that is off, not even the library is loaded. */
export async function createContext({ config, sinks, tracing }: Preloaded): Promise<AppContext> {
  const { service, cloudwatch, rollbar } = config;
  const logger = createLogger({
    level: config.logLevel,
    service: service.name,
    stdout: process.stdout,
    cloudwatch: cloudwatch && (await openCloudwatch(cloudwatch, sinks)),
  });
  const reporter = await createReporter({ config: rollbar, service, sink: sinks.rollbar });
  const xray = config.xray && (await openXRay({ ...config, config: config.xray, sink: sinks.xray, logger }));
  const database = createDatabase(config);
  return {
    config,
    database,
    activities: createActivityStore(database),
    messages: createMessageStore(database),
    notifications: createNotificationStore(database),
    logger,
    reporter,
    xray,
    sinks,
    traceIds: tracing.traceIds,
    stages: [
      [{ name: 'rollbar', drain: reporter.drain }],
      [{ name: 'cloudwatch', drain: logger.drain }, ...(xray ? [{ name: 'xray', drain: xray.drain }] : [])],
      [{ name: 'spans', drain: tracing.drain }],
      [{ name: 'database', drain: database.close }],
    ],
  };
}

async function openCloudwatch(config: NonNullable<Config['cloudwatch']>, sinks: Sinks) {
  const { createCloudwatchTransport } = await import('./observability/cloudwatch/transport.ts');
  return createCloudwatchTransport({ config, sink: sinks.cloudwatch });
}

async function openXRay(options: XRayOptions): Promise<XRay> {
  const { createXRay } = await import('./observability/xray/xray.ts');
  return createXRay(options);
}
