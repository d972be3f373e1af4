import { z } from 'zod';
import { hasCertificates } from '../database-url/database-tls.ts';
import {
  baseUrl,
  choice,
  file,
  httpUrl,
  integer,
  otlpHeaders,
  resourceAttributes,
  secret,
  standardFlag,
  text,
} from './values.ts';

const protocol = choice(['http/protobuf', 'http/json'], 'must be http/protobuf or http/json');

const SAMPLERS = [
  'always_on',
  'always_off',
  'traceidratio',
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
] as const;

const RATIO = 'must be a number from 0 to 1, such as 0.1 for 10 %';

/**
 * OpenTelemetry: spans for Honeycomb or any other OTLP receiver. The names and meanings are the standard's.
 */
export const TRACING_VARIABLES = {
  HONEYCOMB_API_KEY: secret
    .optional()
    .describe(
      'Turns Honeycomb on: sends spans to `https://api.honeycomb.io/` with this key. ' +
        '`OTEL_EXPORTER_OTLP_ENDPOINT` and `OTEL_EXPORTER_OTLP_HEADERS` take precedence.',
    ),
  OTEL_EXPORTER_OTLP_ENDPOINT: baseUrl
    .optional()
    .describe(
      'Turns the export of spans on: base URL of an OTLP/HTTP receiver. EU: ' +
        '`https://api.eu1.honeycomb.io/`.',
    ),
  OTEL_EXPORTER_OTLP_HEADERS: otlpHeaders
    .optional()
    .describe('Headers of each export: `name=value` pairs, separated by commas, values percent-encoded.'),
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: httpUrl
    .optional()
    .describe('Complete URL for spans. Replaces the base URL above.'),
  OTEL_EXPORTER_OTLP_TRACES_HEADERS: otlpHeaders.optional().describe('Headers in addition to those above.'),
  OTEL_SERVICE_NAME: text
    .optional()
    .describe(
      'Name of the service: Honeycomb’s dataset, X-Ray’s segments, `service` in log lines. Default: ' +
        '`backend-express`.',
    ),
  OTEL_RESOURCE_ATTRIBUTES: resourceAttributes
    .default({})
    .describe(
      'Attributes of every span, such as `deployment.environment.name=staging,service.version=1.2.3`.',
    ),
  OTEL_TRACES_SAMPLER: choice(SAMPLERS, `must be one of ${SAMPLERS.join(', ')}`)
    .default('parentbased_always_on')
    .describe('`always_on`, `always_off` or `traceidratio`, each also with the prefix `parentbased_`.'),
  OTEL_TRACES_SAMPLER_ARG: z
    .string()
    .regex(/^(?:\d+\.?\d*|\.\d+)(?:e-?\d{1,3})?$/i, RATIO)
    .transform(Number)
    .refine((ratio) => ratio <= 1, RATIO)
    .default(1)
    .describe('Ratio of the `traceidratio` samplers, 0 to 1.'),
  OTEL_SPANS_PER_SECOND: integer(1, 1_000_000)
    .optional()
    .describe(
      'Maximum number of spans per second, on average; further traces are not sampled, which `/telemetry` ' +
        'counts. Unset: no limit.',
    ),
  OTEL_EXPORTER_OTLP_TIMEOUT: integer(1, 600_000)
    .default(10_000)
    .describe('Maximum time of one export, in milliseconds.'),
  OTEL_EXPORTER_OTLP_COMPRESSION: choice(['gzip', 'none'], 'must be gzip or none')
    .default('gzip')
    .describe('`gzip` or `none`.'),
  OTEL_EXPORTER_OTLP_CERTIFICATE: file
    .refine(hasCertificates, 'must name a PEM file of certificates')
    .optional()
    .describe(
      'PEM file of the authority that signed the receiver’s certificate. Replaces those of Node.js, but not ' +
        '`NODE_EXTRA_CA_CERTS`.',
    ),
  OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE: file.optional().describe('PEM file of the client certificate.'),
  OTEL_EXPORTER_OTLP_CLIENT_KEY: file.optional().describe('PEM file of the client’s private key.'),
  OTEL_BSP_SCHEDULE_DELAY: integer(0, 600_000)
    .default(5000)
    .describe(
      'Maximum time a span waits for its batch to fill, in milliseconds. `npm start` and Compose set 500.',
    ),
  OTEL_BSP_MAX_QUEUE_SIZE: integer(1, 1_000_000)
    .default(16_384)
    .describe('Maximum number of spans in the queue. New spans are dropped and counted when it is full.'),
  OTEL_BSP_MAX_EXPORT_BATCH_SIZE: integer(1, 100_000)
    .default(512)
    .describe('Maximum number of spans per export.'),
  OTEL_EXPORTER_OTLP_PROTOCOL: protocol
    .default('http/protobuf')
    .describe('Encoding of spans: `http/protobuf` or `http/json`.'),
  OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: protocol.optional().describe('Replaces the protocol above.'),
  OTEL_TRACES_EXPORTER: choice(['otlp', 'none'], 'must be otlp or none')
    .default('otlp')
    .describe('`otlp` or `none`, which turns the export off.'),
  OTEL_SDK_DISABLED: standardFlag.default(false).describe('`true` turns OpenTelemetry off.'),
};
