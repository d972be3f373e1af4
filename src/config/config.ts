import type { z } from 'zod';
import packageJson from '../../package.json' with { type: 'json' };
import { ConfigError, describeIssues } from './config-error.ts';
import { databaseLimits } from './database-limits.ts';
import type { DatabaseAddress } from './database-url/database-address.ts';
import { readDatabase } from './database-url/read-database.ts';
import { Environment } from './environment.ts';
import { givenVariables } from './loading/normalise.ts';
import { ownSecrets } from './own-secrets.ts';
import {
  awsConfig,
  cloudwatchConfig,
  otlpConfig,
  requestCountsConfig,
  rollbarConfig,
  xrayConfig,
  xrayOtlpConfig,
} from './sinks.ts';
import { proxyConfig, withLowerCaseProxies } from './ways-out/proxy-variables.ts';
import { findWorkspace, type Workspace } from './workspace.ts';

/** Everything that the environment decides. A system that is undefined is off. */
export type Config = ReturnType<typeof shape> & {
  /** The process's own keys and passwords. A function, so that nothing writes them with the rest. */
  readonly secrets: () => readonly string[];
};

/** The configuration of the API, which cannot run without a database. */
export type ApiConfig = Config & { readonly database: DatabaseAddress };

/**
 * Reads the environment. Quotes and blanks around a value do not count. An empty variable counts as unset, as
 * in OpenTelemetry and Compose. Throws `ConfigError`, also when `DATABASE_URL` is unset.
 */
export function readConfig(env: NodeJS.ProcessEnv = process.env): ApiConfig {
  return Object.freeze(read(env, { needsDatabase: true }) as ApiConfig);
}

/** Reads the environment for a command that can run without a database. Throws `ConfigError`. */
export function readConfigWithoutDatabase(env: NodeJS.ProcessEnv = process.env): Config {
  return Object.freeze(read(env, { needsDatabase: false }));
}

function read(env: NodeJS.ProcessEnv, { needsDatabase }: { readonly needsDatabase: boolean }): Config {
  const given = withLowerCaseProxies(givenVariables(env));
  const parsed = Environment.safeParse(given);
  const faults = describeIssues(parsed.error?.issues ?? [], given);
  if (needsDatabase && given.DATABASE_URL === undefined) faults.push(MISSING_DATABASE);
  const database = readDatabase(given, faults);
  if (!parsed.success || faults.length > 0) throw new ConfigError(faults);
  const config = shape(parsed.data, database);
  const secrets = ownSecrets({ ...given, ...config.proxy }, config.otlp?.headers ?? {});
  return { ...config, secrets: () => secrets };
}

const MISSING_DATABASE =
  'DATABASE_URL must be set to a postgres:// URL; `npm start` runs an embedded database without one';

function shape(env: z.infer<typeof Environment>, database: DatabaseAddress | undefined) {
  const name = env.OTEL_SERVICE_NAME ?? env.OTEL_RESOURCE_ATTRIBUTES['service.name'] ?? 'backend-express';
  const workspace = findWorkspace(env);
  return {
    port: env.PORT,
    host: env.HOST,
    allowedOrigins: [
      ...(env.FRONTEND_URL ?? defaultOrigins(3000, workspace)),
      ...(env.BACKEND_URL ? [env.BACKEND_URL] : defaultOrigins(4567, workspace)),
    ],
    allowedHosts: env.ALLOWED_HOSTS,
    server: {
      keepAliveTimeoutMs: env.KEEP_ALIVE_TIMEOUT_MS,
      headersTimeoutMs: env.HEADERS_TIMEOUT_MS,
      requestTimeoutMs: env.REQUEST_TIMEOUT_MS,
      maxConnections: env.MAX_CONNECTIONS,
    },
    rateLimits: {
      reads: env.RATE_LIMIT_READS,
      writes: env.RATE_LIMIT_WRITES,
      search: env.RATE_LIMIT_SEARCH,
      rollbarTest: env.RATE_LIMIT_ROLLBAR_TEST,
      store: env.RATE_LIMIT_STORE,
    },
    trustProxy: env.TRUST_PROXY,
    trustTraceSampling: env.TRUST_TRACE_SAMPLING,
    demoUserHandle: env.DEMO_USER_HANDLE,
    database,
    databaseLimits: databaseLimits(env),
    cleanupIntervalMs: env.CLEANUP_INTERVAL_MS,
    logLevel: env.LOG_LEVEL,
    shutdownDeadlineMs: env.SHUTDOWN_DEADLINE_MS,
    shutdownDelayMs: env.SHUTDOWN_DELAY_MS,
    service: { name, version: env.OTEL_RESOURCE_ATTRIBUTES['service.version'] ?? packageJson.version },
    otlp: otlpConfig(env),
    xray: xrayConfig(env, workspace),
    xrayOtlp: xrayOtlpConfig(env),
    xrayApi: awsConfig(env),
    cloudwatch: cloudwatchConfig(env, name),
    requestCounts: requestCountsConfig(env),
    rollbar: rollbarConfig(env),
    proxy: proxyConfig(env),
    extraCertificates: env.NODE_EXTRA_CA_CERTS,
    awsProfile: env.AWS_PROFILE,
  };
}

function defaultOrigins(port: number, workspace: Workspace | undefined): string[] {
  if (workspace) return [`https://${workspace.hostOf(port)}`];
  return [`http://localhost:${port}`, `http://127.0.0.1:${port}`];
}

/**
 * Runs `read`. A `ConfigError` is printed to stderr and ends the process with 78 (EX_CONFIG in sysexits.h).
 */
export function orExit<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`cannot start: ${error.message}\n`);
    process.exit(78);
  }
}
