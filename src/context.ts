import type { ApiConfig, Config } from './config/config.ts';
import { createDatabase, type Database } from './db/database.ts';
import { createReadiness, type Readiness } from './db/readiness.ts';
import { createScrubber, type Scrub } from './lib/scrub/scrub.ts';
import type { Drainable } from './lifecycle/drain-in-stages.ts';
import type { RequestCounts } from './observability/cloudwatch/request-counts.ts';
import type { Sinks } from './observability/delivery/sink-counters.ts';
import { createLogger, type DrainableLogger } from './observability/logging/logger.ts';
import { createReporter, type Reporter } from './observability/rollbar/reporter.ts';
import type { Tracing } from './observability/tracing/start.ts';
import type { TraceIds } from './observability/tracing/trace-ids.ts';
import type { XRay, XRayOptions } from './observability/xray/xray.ts';

/** Long-lived infrastructure shared by all requests. Features make their own stores from it. */
export interface AppContext {
  readonly config: ApiConfig;
  readonly database: Database;
  readonly readiness: Readiness;
  readonly logger: DrainableLogger;
  /** Undefined while CloudWatch is off. */
  readonly requestCounts: RequestCounts | undefined;
  readonly reporter: Reporter;
  /** Undefined when no daemon is configured: X-Ray is off, or receives spans instead of segments. */
  readonly xray: XRay | undefined;
  readonly sinks: Sinks;
  readonly traceIds: TraceIds;
  /** Takes secrets, also the process's own, out of a text that leaves it. */
  readonly scrub: Scrub;
  /** Aborted when the shutdown starts; see `handleShutdown`. */
  readonly stopping: AbortController;
  /** Drain order at shutdown: reports, then log lines and segments, then spans, then the database. */
  readonly stages: readonly (readonly Drainable[])[];
}

/** Created by `telemetry.ts` before any other module is loaded. */
export interface Preloaded {
  readonly config: ApiConfig;
  readonly sinks: Sinks;
  readonly tracing: Tracing;
}

type Overrides = Partial<Omit<AppContext, 'config' | 'traceIds' | 'scrub' | 'stopping' | 'stages'>>;

/**
 * Creates the context that the configuration describes. Libraries of systems that are off are not loaded.
 * `overrides` replace single members, which are drained in place of the originals.
 */
export async function createContext(preloaded: Preloaded, overrides: Overrides = {}): Promise<AppContext> {
  const { config, tracing } = preloaded;
  const { sinks = preloaded.sinks } = overrides;
  const scrub = createScrubber(config.secrets());
  const { logger, requestCounts } = overrides.logger
    ? { logger: overrides.logger, requestCounts: overrides.requestCounts }
    : await openLogger(config, sinks, scrub);
  const reporter =
    overrides.reporter ??
    (await createReporter({ config: config.rollbar, service: config.service, sink: sinks.rollbar, scrub }));
  const xray =
    overrides.xray ??
    (config.xray && (await openXRay({ ...config, config: config.xray, sink: sinks.xray, logger, scrub })));
  const database =
    overrides.database ?? createDatabase({ databaseUrl: config.database, ...config.databaseLimits });
  return {
    config,
    database,
    readiness: overrides.readiness ?? createReadiness(database),
    logger,
    requestCounts,
    reporter,
    xray,
    sinks,
    traceIds: tracing.traceIds,
    scrub,
    stopping: new AbortController(),
    stages: [
      [{ name: 'rollbar', drain: reporter.drain }],
      [{ name: 'cloudwatch', drain: logger.drain }, ...(xray ? [{ name: 'xray', drain: xray.drain }] : [])],
      [{ name: 'spans', drain: tracing.drain }],
      [{ name: 'database', drain: database.close }],
    ],
  };
}

async function openLogger(
  { logLevel: level, service: { name: service }, ...config }: Config,
  sinks: Sinks,
  scrub: Scrub,
): Promise<Pick<AppContext, 'logger' | 'requestCounts'>> {
  const cloudwatch = config.cloudwatch && (await openCloudwatch(config.cloudwatch, sinks));
  const logger = createLogger({ level, service, stdout: process.stdout, cloudwatch, scrub });
  const write = config.requestCounts === 'stdout' ? writeToStdout : cloudwatch?.add;
  if (write === undefined) return { logger, requestCounts: undefined };
  const { createRequestCounts } = await import('./observability/cloudwatch/request-counts.ts');
  const requestCounts = createRequestCounts({ service, write });
  const drain: DrainableLogger['drain'] = (budgetMs) => {
    requestCounts.close();
    return logger.drain(budgetMs);
  };
  return { logger: { ...logger, drain }, requestCounts };
}

/** Takes every line: one per minute needs no bound of its own. */
function writeToStdout(line: string): boolean {
  process.stdout.write(`${line}\n`);
  return true;
}

async function openCloudwatch(config: NonNullable<Config['cloudwatch']>, sinks: Sinks) {
  const { createCloudwatchTransport } = await import('./observability/cloudwatch/transport.ts');
  return createCloudwatchTransport({ config, sink: sinks.cloudwatch });
}

async function openXRay(options: XRayOptions): Promise<XRay> {
  const { createXRay } = await import('./observability/xray/xray.ts');
  return createXRay(options);
}
