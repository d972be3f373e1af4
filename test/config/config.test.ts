import express from 'express';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readConfig } from '../../src/config/config.ts';
import { ConfigError } from '../../src/config/config-error.ts';
import { createSinks } from '../../src/observability/delivery/sink-counters.ts';

const DATABASE_URL = 'postgres://cruddur@127.0.0.1:1/cruddur';
const NAMES = [
  ...['PORT', 'HOST', 'FRONTEND_URL', 'BACKEND_URL', 'TRUST_PROXY', 'DEMO_USER_HANDLE', 'DATABASE_URL'],
  ...['LOG_LEVEL', 'SHUTDOWN_DEADLINE_MS', 'OTEL_SERVICE_NAME', 'OTEL_RESOURCE_ATTRIBUTES'],
  ...['OTEL_SDK_DISABLED', 'OTEL_TRACES_EXPORTER', 'OTEL_EXPORTER_OTLP_PROTOCOL'],
  ...[
    'OTEL_EXPORTER_OTLP_TRACES_PROTOCOL',
    'OTEL_EXPORTER_OTLP_ENDPOINT',
    'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT',
  ],
  ...['OTEL_EXPORTER_OTLP_HEADERS', 'OTEL_EXPORTER_OTLP_TRACES_HEADERS', 'OTEL_EXPORTER_OTLP_TIMEOUT'],
  ...['OTEL_EXPORTER_OTLP_CERTIFICATE', 'OTEL_EXPORTER_OTLP_COMPRESSION', 'OTEL_TRACES_SAMPLER'],
  ...['OTEL_TRACES_SAMPLER_ARG', 'OTEL_BSP_SCHEDULE_DELAY', 'OTEL_BSP_MAX_QUEUE_SIZE'],
  ...['OTEL_BSP_MAX_EXPORT_BATCH_SIZE', 'AWS_XRAY_DAEMON_ADDRESS', 'AWS_XRAY_URL', 'CLOUDWATCH_LOG_GROUP'],
  'AWS_XRAY_OTLP_ENDPOINT',
  ...['CLOUDWATCH_LOG_STREAM', 'CLOUDWATCH_LOG_RETENTION_DAYS', 'AWS_REGION', 'AWS_DEFAULT_REGION'],
  ...['AWS_PROFILE', 'AWS_ENDPOINT_URL_CLOUDWATCH_LOGS', 'AWS_ENDPOINT_URL', 'ROLLBAR_ACCESS_TOKEN'],
  ...['ROLLBAR_ENVIRONMENT', 'ROLLBAR_ENDPOINT', 'SOMETHING_ELSE', '__proto__'],
];

/** Values near to right ones; each that could be a secret has `hush` in it. */
const value = fc.oneof(
  fc.string({ unit: 'binary' }).map((text) => `hush${text}`),
  fc.webUrl({ withQueryParameters: true }).map((url) => `${url}hush`),
  fc
    .tuple(fc.string(), fc.constantFrom('=', '%', ',', ':', '://', '@', '\0', '\n'))
    .map(([a, b]) => `${a}hush${b}hush`),
  fc.constantFrom(
    'postgres://hush@host/hush',
    'http://hush:hush@host/hush?hush',
    'hush:2000',
    'hush=%20',
    ' http://hush ',
  ),
  fc.constantFrom(
    '',
    ' ',
    '0',
    '1',
    '4567',
    '-1',
    '1.5',
    '1e9',
    'true',
    'on',
    'none',
    'gzip',
    'always_on',
    'traceidratio',
  ),
);

describe('the environment', () => {
  it('is read, or refused in plain sentences that repeat no value, whatever it holds', () => {
    const environment = fc.dictionary(fc.constantFrom(...NAMES), value, {
      maxKeys: 20,
      noNullPrototype: true,
    });
    fc.assert(
      fc.property(environment, fc.boolean(), (given, complete) => {
        try {
          createSinks(readConfig(complete ? { DATABASE_URL, ...given } : given));
        } catch (error) {
          if (!(error instanceof ConfigError)) throw error;
          expect(error.faults).not.toEqual([]);
          for (const fault of error.faults) expect(fault).toMatch(/^[A-Z_]+ (must|may) [^\n]+$/);
          expect(error.message).not.toContain('hush');
        }
      }),
      { numRuns: 300 },
    );
  });

  it('says nothing twice, and the least is a database', () => {
    expect(() => readConfig({})).toThrow(ConfigError);
    const config = readConfig({ DATABASE_URL });
    expect(config).toMatchObject({
      port: 4567,
      host: '127.0.0.1',
      allowedOrigins: [
        'http://localhost:3000',
        'http://127.0.0.1:3000',
        'http://localhost:4567',
        'http://127.0.0.1:4567',
      ],
      trustProxy: false,
      service: { name: 'backend-express' },
      otlp: undefined,
      xray: undefined,
      cloudwatch: undefined,
      rollbar: undefined,
    });
    expect(config).toSatisfy(Object.isFrozen);
  });

  it.each([
    [{}, 'backend-express'],
    [{ OTEL_RESOURCE_ATTRIBUTES: 'service.name=from%20attributes,a=b' }, 'from attributes'],
    [{ OTEL_SERVICE_NAME: 'own', OTEL_RESOURCE_ATTRIBUTES: 'service.name=from-attributes' }, 'own'],
  ])('names the service by %o', (given, name) => {
    expect(readConfig({ DATABASE_URL, ...given }).service.name).toBe(name);
  });

  it.each([[{ OTEL_SDK_DISABLED: 'TRUE' }], [{ OTEL_TRACES_EXPORTER: 'none' }]])(
    'switches tracing off by %o, whatever the endpoint',
    (given) => {
      const endpoint = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318' };
      expect(readConfig({ DATABASE_URL, ...endpoint }).otlp).toBeDefined();
      expect(readConfig({ DATABASE_URL, ...endpoint, ...given }).otlp).toBeUndefined();
    },
  );

  it('lets X-Ray be reached in one way only', () => {
    const given = {
      DATABASE_URL,
      AWS_XRAY_DAEMON_ADDRESS: '127.0.0.1:2000',
      AWS_XRAY_OTLP_ENDPOINT: 'http://127.0.0.1:4318/v1/traces',
    };
    expect(() => readConfig(given)).toThrow(
      'AWS_XRAY_OTLP_ENDPOINT must not be set together with AWS_XRAY_DAEMON_ADDRESS',
    );
    expect(readConfig({ ...given, AWS_XRAY_DAEMON_ADDRESS: '' })).toMatchObject({
      xray: undefined,
      xrayOtlp: {},
    });
    expect(
      readConfig({ ...given, AWS_XRAY_DAEMON_ADDRESS: '', OTEL_SDK_DISABLED: 'true' }).xrayOtlp,
    ).toBeUndefined();
  });

  it.each([
    ['https://xray.us-east-2.amazonaws.com/v1/traces', 'us-east-2'],
    ['https://xray-fips.us-gov-west-1.amazonaws.com/v1/traces', 'us-gov-west-1'],
    ['https://xray.cn-north-1.amazonaws.com.cn/v1/traces', 'cn-north-1'],
    ['http://xray.us-east-2.amazonaws.com/v1/traces', undefined],
    ['https://xray.us-east-2.amazonaws.com.example.com/v1/traces', undefined],
    ['https://example.com/xray.us-east-2.amazonaws.com/', undefined],
    ['http://collector:4318/v1/traces', undefined],
  ])('signs what goes to %s for the region %s', (url, region) => {
    expect(readConfig({ DATABASE_URL, AWS_XRAY_OTLP_ENDPOINT: url }).xrayOtlp?.region).toBe(region);
  });

  it('takes no TRUST_PROXY at which Express would throw', () => {
    const address = fc.oneof(
      fc.ipV4(),
      fc.ipV4Extended(),
      fc.ipV6(),
      fc.constantFrom('loopback', 'fe80::1%-'),
    );
    const suffix = fc.oneof(
      fc.constant(''),
      fc.integer({ min: -1, max: 130 }).map((bits) => `/${bits}`),
      fc.string(),
    );
    const network = fc.tuple(address, suffix).map((parts) => parts.join(''));
    fc.assert(
      fc.property(fc.array(network, { minLength: 1, maxLength: 3 }), (networks) => {
        try {
          express().set('trust proxy', readConfig({ DATABASE_URL, TRUST_PROXY: networks.join() }).trustProxy);
        } catch (error) {
          expect(error).toBeInstanceOf(ConfigError);
        }
      }),
    );
  });

  it.each([
    [{ HEADERS_TIMEOUT_MS: '65000' }, 'HEADERS_TIMEOUT_MS must be longer than KEEP_ALIVE_TIMEOUT_MS'],
    [{ REQUEST_TIMEOUT_MS: '65999' }, 'REQUEST_TIMEOUT_MS must not be shorter than HEADERS_TIMEOUT_MS'],
    [{ SHUTDOWN_DELAY_MS: '8000' }, 'SHUTDOWN_DELAY_MS must be shorter than SHUTDOWN_DEADLINE_MS'],
  ])('refuses %o, which contradicts another variable', (given, refusal) => {
    expect(() => readConfig({ DATABASE_URL, ...given })).toThrow(`\n  ${refusal}`);
  });

  it('gives a log stream without the characters that CloudWatch refuses', () => {
    const given = { CLOUDWATCH_LOG_GROUP: 'cruddur', AWS_PROFILE: 'dev', OTEL_SERVICE_NAME: 'a:b*c' };
    expect(readConfig({ DATABASE_URL, ...given }).cloudwatch?.stream).toMatch(/^a-b-c\/[^:*]+$/);
  });
});
