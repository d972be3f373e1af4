import { z } from 'zod';
import {
  daemonAddress,
  file,
  flag,
  integer,
  origin,
  otlpHeaders,
  resourceAttributes,
  trustProxy,
} from './values.ts';

/** The days that CloudWatch Logs accepts (PutRetentionPolicy). */
const RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

const httpUrl = z.url({ protocol: /^https?$/, error: 'must be an http:// or https:// URL' });

/** Every variable that the service reads: its form, its default, and what is said of it when it is wrong. */
export const Environment = z
  .object({
    PORT: integer(0, 65_535).default(4567),
    HOST: z.string().default('127.0.0.1'),
    FRONTEND_URL: origin.default('http://localhost:3000'),
    BACKEND_URL: origin.default('http://localhost:4567'),
    TRUST_PROXY: trustProxy.default(false),
    DEMO_USER_HANDLE: z.string().default('andrewbrown'),
    DATABASE_URL: z.url({
      protocol: /^postgres(ql)?$/,
      error: 'must be a postgres:// URL; without a database server, `npm start` runs an embedded one',
    }),
    LOG_LEVEL: z
      .enum(['error', 'warn', 'info', 'debug'], 'must be one of error, warn, info, debug')
      .default('info'),
    SHUTDOWN_DEADLINE_MS: integer(100, 600_000).default(8000),

    OTEL_SERVICE_NAME: z.string().optional(),
    OTEL_RESOURCE_ATTRIBUTES: resourceAttributes.default({}),
    OTEL_SDK_DISABLED: flag.default(false),
    OTEL_TRACES_EXPORTER: z.enum(['otlp', 'none'], 'must be otlp or none').default('otlp'),
    OTEL_EXPORTER_OTLP_PROTOCOL: z
      .literal('http/json', 'must be http/json, the one this service speaks')
      .optional(),
    OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: z
      .literal('http/json', 'must be http/json, the one this service speaks')
      .optional(),
    OTEL_EXPORTER_OTLP_ENDPOINT: httpUrl.optional(),
    OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: httpUrl.optional(),
    OTEL_EXPORTER_OTLP_HEADERS: otlpHeaders.optional(),
    OTEL_EXPORTER_OTLP_TRACES_HEADERS: otlpHeaders.optional(),
    OTEL_EXPORTER_OTLP_TIMEOUT: integer(1, 600_000).default(10_000),
    OTEL_EXPORTER_OTLP_CERTIFICATE: file.optional(),
    OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE: file.optional(),
    OTEL_EXPORTER_OTLP_CLIENT_KEY: file.optional(),
    OTEL_EXPORTER_OTLP_COMPRESSION: z.enum(['gzip', 'none'], 'must be gzip or none').default('gzip'),
    OTEL_TRACES_SAMPLER: z
      .enum(
        [
          'always_on',
          'always_off',
          'traceidratio',
          'parentbased_always_on',
          'parentbased_always_off',
          'parentbased_traceidratio',
        ],
        'must be one of always_on, always_off, traceidratio, parentbased_always_on, parentbased_always_off, parentbased_traceidratio',
      )
      .default('parentbased_always_on'),
    OTEL_TRACES_SAMPLER_ARG: z.coerce
      .number('must be a number from 0 to 1')
      .min(0, 'must be at least 0')
      .max(1, 'must be at most 1')
      .default(1),
    OTEL_BSP_SCHEDULE_DELAY: integer(0, 600_000).default(5000),
    OTEL_BSP_MAX_QUEUE_SIZE: integer(1, 1_000_000).default(16_384),
    OTEL_BSP_MAX_EXPORT_BATCH_SIZE: integer(1, 100_000).default(512),

    AWS_XRAY_DAEMON_ADDRESS: daemonAddress.optional(),
    AWS_XRAY_URL: z.string().optional(),
    AWS_XRAY_OTLP_ENDPOINT: httpUrl.optional(),

    CLOUDWATCH_LOG_GROUP: z
      .string()
      .regex(/^[\w./#-]{1,512}$/, 'may hold letters, digits and . - _ / # only')
      .optional(),
    CLOUDWATCH_LOG_STREAM: z
      .string()
      .regex(/^[^:*]{1,512}$/, 'may not hold : or *')
      .optional(),
    CLOUDWATCH_LOG_RETENTION_DAYS: integer(1, 3653)
      .refine((days) => RETENTION_DAYS.includes(days), `must be one of ${RETENTION_DAYS.join(', ')}`)
      .optional(),
    AWS_REGION: z.string().optional(),
    AWS_DEFAULT_REGION: z.string().optional(),
    AWS_PROFILE: z.string().optional(),
    AWS_ENDPOINT_URL_CLOUDWATCH_LOGS: httpUrl.optional(),
    AWS_ENDPOINT_URL: httpUrl.optional(),

    ROLLBAR_ACCESS_TOKEN: z
      .string()
      .regex(/^[\x21-\x7e]+$/, 'may hold printable ASCII only, without spaces')
      .optional(),
    ROLLBAR_ENVIRONMENT: z.string().default('production'),
    ROLLBAR_ENDPOINT: httpUrl.default('https://api.rollbar.com/api/1/item/'),
  })
  .refine((env) => !env.CLOUDWATCH_LOG_GROUP || env.AWS_REGION || env.AWS_DEFAULT_REGION || env.AWS_PROFILE, {
    path: ['AWS_REGION'],
    error: 'must be set when CLOUDWATCH_LOG_GROUP is',
    when: () => true,
  })
  .refine((env) => !env.AWS_XRAY_OTLP_ENDPOINT || !env.AWS_XRAY_DAEMON_ADDRESS, {
    path: ['AWS_XRAY_OTLP_ENDPOINT'],
    error: 'may not be set when AWS_XRAY_DAEMON_ADDRESS is: it is one way to X-Ray or the other',
    when: () => true,
  });
