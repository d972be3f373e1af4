import { z } from 'zod';
import { isStandIn } from './variables/aws-region.ts';
import { AWS_VARIABLES } from './variables/aws-variables.ts';
import { DATABASE_VARIABLES } from './variables/database-variables.ts';
import { RATE_LIMIT_VARIABLES } from './variables/rate-limit-variables.ts';
import { ROLLBAR_VARIABLES } from './variables/rollbar-variables.ts';
import { SERVER_VARIABLES } from './variables/server-variables.ts';
import { SERVICE_VARIABLES, WORKSPACE_VARIABLES } from './variables/service-variables.ts';
import { TRACING_VARIABLES } from './variables/tracing-variables.ts';
import { isKeyPair } from './ways-out/key-pair.ts';
import { PROXY_VARIABLES } from './ways-out/proxy-variables.ts';

/**
 * Every variable that the service reads: its form, default, description, and the error message for a bad
 * value.
 */
export const Environment = z
  .object({
    ...SERVICE_VARIABLES,
    ...SERVER_VARIABLES,
    ...RATE_LIMIT_VARIABLES,
    ...DATABASE_VARIABLES,
    ...TRACING_VARIABLES,
    ...AWS_VARIABLES,
    ...ROLLBAR_VARIABLES,
    ...PROXY_VARIABLES,
    ...WORKSPACE_VARIABLES,
  })
  .refine((env) => !sendsToCloudWatch(env) || env.AWS_REGION || env.AWS_DEFAULT_REGION || env.AWS_PROFILE, {
    path: ['AWS_REGION'],
    error: 'must be set, because log lines go to CloudWatch Logs',
    when: () => true,
  })
  .refine(
    (env) =>
      !sendsToCloudWatch(env) || hasOwnEndpoint(env) || !isStandIn(env.AWS_REGION ?? env.AWS_DEFAULT_REGION),
    {
      path: ['AWS_REGION'],
      error: 'must be a region such as us-east-1, because log lines go to AWS',
      when: () => true,
    },
  )
  .refine((env) => !env.AWS_XRAY_OTLP_ENDPOINT || !env.AWS_XRAY_DAEMON_ADDRESS, {
    path: ['AWS_XRAY_OTLP_ENDPOINT'],
    error: 'must not be set together with AWS_XRAY_DAEMON_ADDRESS: X-Ray receives either spans or segments',
    when: () => true,
  })
  .refine((env) => isKeyPair(env.OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE, env.OTEL_EXPORTER_OTLP_CLIENT_KEY), {
    path: ['OTEL_EXPORTER_OTLP_CLIENT_KEY'],
    error:
      'must name the PEM file of the key of OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE, and neither without the other',
    when: () => true,
  })
  .refine((env) => isAbove(env.HEADERS_TIMEOUT_MS, env.KEEP_ALIVE_TIMEOUT_MS), {
    path: ['HEADERS_TIMEOUT_MS'],
    error: 'must be longer than KEEP_ALIVE_TIMEOUT_MS',
    when: () => true,
  })
  .refine((env) => isAbove(env.REQUEST_TIMEOUT_MS + 1, env.HEADERS_TIMEOUT_MS), {
    path: ['REQUEST_TIMEOUT_MS'],
    error: 'must not be shorter than HEADERS_TIMEOUT_MS',
    when: () => true,
  })
  .refine((env) => isAbove(env.SHUTDOWN_DEADLINE_MS, env.SHUTDOWN_DELAY_MS), {
    path: ['SHUTDOWN_DELAY_MS'],
    error: 'must be shorter than SHUTDOWN_DEADLINE_MS',
    when: () => true,
  });

/** Returns true also where one of the two is invalid, which has an error of its own. */
function isAbove(value: unknown, limit: unknown): boolean {
  return typeof value !== 'number' || typeof limit !== 'number' || !(value <= limit);
}

interface AwsVariables {
  readonly AWS_ACCESS_KEY_ID?: string | undefined;
  readonly AWS_PROFILE?: string | undefined;
  readonly AWS_ENDPOINT_URL?: string | undefined;
  readonly AWS_ENDPOINT_URL_CLOUDWATCH_LOGS?: string | undefined;
}

function hasOwnEndpoint(env: AwsVariables): boolean {
  return Boolean(env.AWS_ENDPOINT_URL_CLOUDWATCH_LOGS ?? env.AWS_ENDPOINT_URL);
}

/**
 * Tells whether credentials or an endpoint for AWS are set, so that data for AWS does not go to the fallback.
 */
export function isAwsConfigured(env: AwsVariables): boolean {
  return Boolean(env.AWS_ACCESS_KEY_ID || env.AWS_PROFILE || env.AWS_ENDPOINT_URL);
}

interface LogVariables extends AwsVariables {
  readonly CLOUDWATCH_LOG_GROUP?: string | undefined;
  readonly TELEMETRY_FALLBACK_URL?: string | undefined;
}

function sendsToCloudWatch(env: LogVariables): boolean {
  return env.TELEMETRY_FALLBACK_URL ? isAwsConfigured(env) : Boolean(env.CLOUDWATCH_LOG_GROUP);
}
