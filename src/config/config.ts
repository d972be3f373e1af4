import { hostname } from 'node:os';
import type { z } from 'zod';
import packageJson from '../../package.json' with { type: 'json' };
import { Environment } from './environment.ts';
import { xrayRegion } from './values.ts';

/** A fault in the environment; `faults` has one plain sentence a variable, none repeats a value. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(
      `cannot start: ${faults.length} fault(s) in the environment\n${faults.map((fault) => `  ${fault}`).join('\n')}`,
    );
    this.faults = faults;
  }
}

/** All that the environment decides. A sink that is undefined is off. */
export type Config = ReturnType<typeof shape>;

/** Reads the environment. An empty variable counts as unset, as in OpenTelemetry and Compose. Throws `ConfigError`. */
export function readConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => isSet(value)));
  const parsed = Environment.safeParse(given);
  if (!parsed.success) throw new ConfigError(parsed.error.issues.map((issue) => describeFault(issue, given)));
  return Object.freeze(shape(parsed.data));
}

/** `readConfig` for commands that need no database. */
export function readConfigWithoutDatabase(env: NodeJS.ProcessEnv = process.env): Config {
  return readConfig(isSet(env.DATABASE_URL) ? env : { ...env, DATABASE_URL: 'postgres://none' });
}

function describeFault(issue: z.core.$ZodIssue, given: Record<string, unknown>): string {
  const name = String(issue.path[0]);
  return given[name] === undefined && name === 'DATABASE_URL'
    ? `${name} is not set: it ${issue.message}`
    : `${name} ${issue.message}`;
}

function shape(env: z.infer<typeof Environment>) {
  const name = env.OTEL_SERVICE_NAME ?? env.OTEL_RESOURCE_ATTRIBUTES['service.name'] ?? 'backend-express';
  const tracesUrl =
    env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT ??
    (env.OTEL_EXPORTER_OTLP_ENDPOINT && `${env.OTEL_EXPORTER_OTLP_ENDPOINT.replace(/\/$/, '')}/v1/traces`);
  const traces = tracesUrl !== undefined && env.OTEL_TRACES_EXPORTER === 'otlp' && !env.OTEL_SDK_DISABLED;
  const spans = {
    timeoutMs: env.OTEL_EXPORTER_OTLP_TIMEOUT,
    compression: env.OTEL_EXPORTER_OTLP_COMPRESSION,
    sampler: env.OTEL_TRACES_SAMPLER,
    samplerRatio: env.OTEL_TRACES_SAMPLER_ARG,
    delayMs: env.OTEL_BSP_SCHEDULE_DELAY,
    maxQueueSize: env.OTEL_BSP_MAX_QUEUE_SIZE,
    batchSize: env.OTEL_BSP_MAX_EXPORT_BATCH_SIZE,
  };
  const xrayUrl = env.OTEL_SDK_DISABLED ? undefined : env.AWS_XRAY_OTLP_ENDPOINT;
  const region = env.AWS_REGION ?? env.AWS_DEFAULT_REGION;
  const logsEndpoint = env.AWS_ENDPOINT_URL_CLOUDWATCH_LOGS ?? env.AWS_ENDPOINT_URL;
  return {
    port: env.PORT,
    host: env.HOST,
    allowedOrigins: [env.FRONTEND_URL, env.BACKEND_URL],
    trustProxy: env.TRUST_PROXY,
    demoUserHandle: env.DEMO_USER_HANDLE,
    databaseUrl: env.DATABASE_URL,
    logLevel: env.LOG_LEVEL,
    shutdownDeadlineMs: env.SHUTDOWN_DEADLINE_MS,
    service: { name, version: env.OTEL_RESOURCE_ATTRIBUTES['service.version'] ?? packageJson.version },
    honeycomb: traces
      ? {
          ...spans,
          tracesUrl,
          headers: { ...env.OTEL_EXPORTER_OTLP_HEADERS, ...env.OTEL_EXPORTER_OTLP_TRACES_HEADERS },
          tls: {
            ca: env.OTEL_EXPORTER_OTLP_CERTIFICATE,
            cert: env.OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE,
            key: env.OTEL_EXPORTER_OTLP_CLIENT_KEY,
          },
        }
      : undefined,
    xray: env.AWS_XRAY_DAEMON_ADDRESS
      ? { daemon: env.AWS_XRAY_DAEMON_ADDRESS, namePattern: env.AWS_XRAY_URL }
      : undefined,
    xrayOtlp: xrayUrl ? { ...spans, tracesUrl: xrayUrl, region: xrayRegion(xrayUrl) } : undefined,
    cloudwatch: env.CLOUDWATCH_LOG_GROUP
      ? {
          group: env.CLOUDWATCH_LOG_GROUP,
          stream: env.CLOUDWATCH_LOG_STREAM ?? `${name}/${hostname()}`.replaceAll(/[:*]/g, '-'),
          retentionDays: env.CLOUDWATCH_LOG_RETENTION_DAYS,
          region,
          endpoint: logsEndpoint,
        }
      : undefined,
    rollbar: env.ROLLBAR_ACCESS_TOKEN
      ? {
          accessToken: env.ROLLBAR_ACCESS_TOKEN,
          environment: env.ROLLBAR_ENVIRONMENT,
          endpoint: env.ROLLBAR_ENDPOINT,
        }
      : undefined,
  };
}

/** Adds what `.env` in the working directory says and the environment does not; a missing file is fine. */
export function loadDotEnv(): void {
  try {
    process.loadEnvFile();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}

/** Runs `read`; a `ConfigError` goes to stderr in plain words and ends the process with 78 (EX_CONFIG of sysexits.h). */
export function orExit<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(78);
  }
}

/** What `npm start` decides before the API does: which database, and the environment of its child processes. */
export function readLauncherConfig(env: NodeJS.ProcessEnv = process.env) {
  return {
    hasDatabaseUrl: isSet(env.DATABASE_URL),
    dataDir: isSet(env.DATA_DIR) ? env.DATA_DIR : './data',
    /** For the API. Spans go out soon, unless told otherwise: somebody may be watching. */
    environmentWith: (more: Record<string, string>): NodeJS.ProcessEnv => ({
      ...env,
      ...more,
      ...(!isSet(env.OTEL_BSP_SCHEDULE_DELAY) && { OTEL_BSP_SCHEDULE_DELAY: '500' }),
    }),
    /** For the console. Where a daemon is named, the daemon's own port may be taken, by that daemon. */
    consoleEnvironment: ({ xray }: Pick<Config, 'xray'>): NodeJS.ProcessEnv => ({
      ...env,
      ...(xray && !isSet(env.CONSOLE_XRAY_PORT) && { CONSOLE_XRAY_PORT: '0' }),
    }),
  };
}

function isSet(value: string | undefined): value is string {
  return value !== undefined && value.trim() !== '';
}
