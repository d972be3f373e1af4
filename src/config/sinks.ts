import { hostname } from 'node:os';
import type { z } from 'zod';
import { type Environment, isAwsConfigured } from './environment.ts';
import { type ProxyEnvironment, proxyConfig } from './ways-out/proxy-variables.ts';
import { xrayRegion } from './ways-out/xray-region.ts';
import type { Workspace } from './workspace.ts';

type Env = z.infer<typeof Environment>;

const HONEYCOMB_URL = 'https://api.honeycomb.io/';
const ROLLBAR_URL = 'https://api.rollbar.com/api/1/item/';

/** Sent where `TELEMETRY_FALLBACK_URL` points, which must not receive real secrets. */
const PLACEHOLDER_TOKEN = '0123456789abcdef0123456789abcdef';
const PLACEHOLDER_CREDENTIALS = { accessKeyId: 'local', secretAccessKey: 'local' };
const PLACEHOLDER_REGION = 'ca-central-1';
const DEFAULT_LOG_GROUP = 'cruddur';

/**
 * Returns where and how spans are exported over OTLP: to Honeycomb, or to any other receiver; `undefined` is
 * off.
 */
export function otlpConfig(env: Env) {
  if (env.OTEL_TRACES_EXPORTER === 'none' || env.OTEL_SDK_DISABLED) return undefined;
  const key = env.HONEYCOMB_API_KEY;
  const base = env.OTEL_EXPORTER_OTLP_ENDPOINT ?? (key ? HONEYCOMB_URL : env.TELEMETRY_FALLBACK_URL);
  const tracesUrl = env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT ?? (base && below(base, 'v1/traces'));
  if (tracesUrl === undefined) return undefined;
  return {
    ...spanConfig(env),
    tracesUrl,
    headers: {
      ...(key && { 'x-honeycomb-team': key }),
      ...env.OTEL_EXPORTER_OTLP_HEADERS,
      ...env.OTEL_EXPORTER_OTLP_TRACES_HEADERS,
    },
    tls: {
      ca: otlpAuthorities(env),
      cert: env.OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE,
      key: env.OTEL_EXPORTER_OTLP_CLIENT_KEY,
    },
  };
}

/**
 * The authorities of the receiver replace those of Node.js, as the standard says. The extra ones of the
 * machine stay trusted, or the receiver could not be reached through a proxy that decrypts.
 */
function otlpAuthorities({ OTEL_EXPORTER_OTLP_CERTIFICATE: ca, NODE_EXTRA_CA_CERTS: extra }: Env) {
  return ca && extra ? [ca, extra] : ca;
}

/** Returns the X-Ray daemon's addresses and the pattern of dynamic segment names; `undefined` is off. */
export function xrayConfig(env: Env, workspace: Workspace | undefined) {
  if (!env.AWS_XRAY_DAEMON_ADDRESS) return undefined;
  const namePattern = env.AWS_XRAY_URL ?? (workspace && `*${workspace.hostOf(4567)}*`);
  return { daemon: env.AWS_XRAY_DAEMON_ADDRESS, namePattern };
}

/** Returns where spans are exported to X-Ray over OTLP instead of segments; `undefined` is off. */
export function xrayOtlpConfig(env: Env) {
  const tracesUrl = env.OTEL_SDK_DISABLED ? undefined : env.AWS_XRAY_OTLP_ENDPOINT;
  return tracesUrl ? { ...spanConfig(env), tracesUrl, region: xrayRegion(tracesUrl) } : undefined;
}

/** Returns where log lines are uploaded: to CloudWatch Logs, or to the fallback; `undefined` is off. */
export function cloudwatchConfig(env: Env, serviceName: string) {
  const group = env.CLOUDWATCH_LOG_GROUP ?? (env.TELEMETRY_FALLBACK_URL && DEFAULT_LOG_GROUP);
  if (!group) return undefined;
  const { region, endpoint } = awsConfig(env);
  return {
    group,
    stream: env.CLOUDWATCH_LOG_STREAM ?? `${serviceName}/${hostname()}`.replaceAll(/[:*]/g, '-'),
    retentionDays: env.CLOUDWATCH_LOG_RETENTION_DAYS,
    region,
    endpoint: env.AWS_ENDPOINT_URL_CLOUDWATCH_LOGS ?? endpoint,
    /** Undefined: the AWS SDK's own search for credentials. */
    credentials: usesAwsFallback(env) ? PLACEHOLDER_CREDENTIALS : undefined,
    ...wayOut(env),
  };
}

/** Returns where the counts of requests and faults are sent; `undefined` is off. */
export function requestCountsConfig(env: Env): 'stdout' | 'cloudwatch' | undefined {
  const isOn = env.CLOUDWATCH_LOG_GROUP ?? env.TELEMETRY_FALLBACK_URL;
  return env.CLOUDWATCH_METRICS ?? (isOn ? 'cloudwatch' : undefined);
}

/** Returns region and endpoint of AWS, or of the fallback. The daemon of `docker-compose.yml` sends there. */
export function awsConfig(env: Env) {
  const region = env.AWS_REGION ?? env.AWS_DEFAULT_REGION;
  return usesAwsFallback(env)
    ? { region: region ?? PLACEHOLDER_REGION, endpoint: env.TELEMETRY_FALLBACK_URL }
    : { region, endpoint: env.AWS_ENDPOINT_URL };
}

function usesAwsFallback(env: Env): boolean {
  return env.TELEMETRY_FALLBACK_URL !== undefined && !isAwsConfigured(env);
}

/** Returns where error reports are sent: to Rollbar, or to the fallback; `undefined` is off. */
export function rollbarConfig(env: Env) {
  const accessToken = env.ROLLBAR_ACCESS_TOKEN ?? (env.TELEMETRY_FALLBACK_URL && PLACEHOLDER_TOKEN);
  if (!accessToken) return undefined;
  const fallback = env.ROLLBAR_ACCESS_TOKEN ? undefined : env.TELEMETRY_FALLBACK_URL;
  const endpoint = env.ROLLBAR_ENDPOINT ?? (fallback ? below(fallback, 'api/1/item/') : ROLLBAR_URL);
  return {
    accessToken,
    environment: env.ROLLBAR_ENVIRONMENT,
    endpoint,
    itemsPerMinute: env.ROLLBAR_ITEMS_PER_MINUTE,
    ...wayOut(env),
  };
}

function spanConfig(env: Env) {
  return {
    timeoutMs: env.OTEL_EXPORTER_OTLP_TIMEOUT,
    protocol: env.OTEL_EXPORTER_OTLP_TRACES_PROTOCOL ?? env.OTEL_EXPORTER_OTLP_PROTOCOL,
    compression: env.OTEL_EXPORTER_OTLP_COMPRESSION,
    sampler: env.OTEL_TRACES_SAMPLER,
    samplerRatio: env.OTEL_TRACES_SAMPLER_ARG,
    spansPerSecond: env.OTEL_SPANS_PER_SECOND,
    delayMs: env.OTEL_BSP_SCHEDULE_DELAY,
    maxQueueSize: env.OTEL_BSP_MAX_QUEUE_SIZE,
    batchSize: env.OTEL_BSP_MAX_EXPORT_BATCH_SIZE,
    ...wayOut(env),
  };
}

function wayOut(env: Env): { readonly proxy?: ProxyEnvironment | undefined } {
  return { proxy: proxyConfig(env) };
}

function below(url: string, path: string): string {
  const [, base = '', query = ''] = /^([^?]*)(.*)$/s.exec(url) ?? [];
  return `${base.replace(/\/$/, '')}/${path}${query}`;
}
