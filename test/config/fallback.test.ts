import { describe, expect, it } from 'vitest';
import { readConfig, readConfigWithoutDatabase } from '../../src/config/config.ts';

const CONSOLE = 'http://console:4568';
const AWS_KEYS = { AWS_ACCESS_KEY_ID: 'AKIA', AWS_SECRET_ACCESS_KEY: 'hush', AWS_REGION: 'eu-west-1' };

/** Reads the environment that docker-compose.yml gives the API. */
function inCompose(dotEnv: Record<string, string>) {
  return readConfig({
    DATABASE_URL: 'postgres://db/cruddur',
    AWS_XRAY_DAEMON_ADDRESS: 'xray-daemon:2000',
    TELEMETRY_FALLBACK_URL: CONSOLE,
    ...dotEnv,
  });
}

describe('with TELEMETRY_FALLBACK_URL', () => {
  it('systems without a key send there, with made-up credentials', () => {
    const config = inCompose({ HONEYCOMB_API_KEY: '', AWS_REGION: ' ' });
    expect(config).toMatchObject({
      otlp: { tracesUrl: `${CONSOLE}/v1/traces`, headers: {} },
      cloudwatch: {
        endpoint: CONSOLE,
        group: 'cruddur',
        region: 'ca-central-1',
        credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
      },
      rollbar: { endpoint: `${CONSOLE}/api/1/item/`, accessToken: '0123456789abcdef0123456789abcdef' },
      xrayApi: { region: 'ca-central-1', endpoint: CONSOLE },
    });
  });

  it('a log group alone still sends there, and so does a region alone', () => {
    expect(inCompose({ CLOUDWATCH_LOG_GROUP: 'mine', AWS_REGION: 'eu-west-1' })).toMatchObject({
      cloudwatch: { endpoint: CONSOLE, group: 'mine', region: 'eu-west-1' },
      xrayApi: { region: 'eu-west-1', endpoint: CONSOLE },
    });
  });

  it('a Honeycomb key sends spans to Honeycomb, in the EU when the endpoint says so', () => {
    expect(inCompose({ HONEYCOMB_API_KEY: 'hc,1' })).toMatchObject({
      otlp: {
        tracesUrl: 'https://api.honeycomb.io/v1/traces',
        headers: { 'x-honeycomb-team': 'hc,1' },
      },
      cloudwatch: { endpoint: CONSOLE },
      rollbar: { endpoint: `${CONSOLE}/api/1/item/` },
    });
    const eu = { HONEYCOMB_API_KEY: 'hc', OTEL_EXPORTER_OTLP_ENDPOINT: 'https://api.eu1.honeycomb.io' };
    expect(inCompose(eu).otlp).toMatchObject({
      tracesUrl: 'https://api.eu1.honeycomb.io/v1/traces',
      headers: { 'x-honeycomb-team': 'hc' },
    });
  });

  it('AWS keys send lines and segments to AWS, in the region of either variable', () => {
    const { cloudwatch, otlp, xrayApi } = inCompose(AWS_KEYS);
    expect(cloudwatch).toMatchObject({ group: 'cruddur', region: 'eu-west-1' });
    expect(cloudwatch).toMatchObject({ endpoint: undefined, credentials: undefined });
    expect(xrayApi).toEqual({ region: 'eu-west-1', endpoint: undefined });
    expect(otlp?.tracesUrl).toContain(CONSOLE);
    const byDefault = inCompose({ ...AWS_KEYS, AWS_REGION: '', AWS_DEFAULT_REGION: 'us-west-2' });
    expect(byDefault.cloudwatch?.region).toBe('us-west-2');
    expect(byDefault.xrayApi.region).toBe('us-west-2');
  });

  it('an endpoint for AWS receives lines and segments', () => {
    const endpoint = 'http://localstack:4566';
    const config = inCompose({ AWS_ENDPOINT_URL: endpoint, AWS_REGION: 'eu-west-1' });
    expect(config).toMatchObject({ cloudwatch: { endpoint }, xrayApi: { endpoint } });
  });

  it('AWS keys without a region are refused in plain words', () => {
    expect(() => inCompose({ AWS_ACCESS_KEY_ID: 'AKIA', AWS_SECRET_ACCESS_KEY: 'hush' })).toThrow(
      'AWS_REGION must be set',
    );
  });

  it('a Rollbar token sends reports to Rollbar', () => {
    expect(inCompose({ ROLLBAR_ACCESS_TOKEN: 'mine' }).rollbar).toMatchObject({
      accessToken: 'mine',
      endpoint: 'https://api.rollbar.com/api/1/item/',
    });
  });

  it('OpenTelemetry that is disabled stays off', () => {
    expect(inCompose({ OTEL_SDK_DISABLED: 'true' }).otlp).toBeUndefined();
    expect(inCompose({ OTEL_TRACES_EXPORTER: 'none' }).otlp).toBeUndefined();
  });
});

describe('without TELEMETRY_FALLBACK_URL', () => {
  it('systems without a key are off, whatever AWS credentials are around', () => {
    const { otlp, cloudwatch, rollbar } = readConfigWithoutDatabase(AWS_KEYS);
    expect({ otlp, cloudwatch, rollbar }).toEqual({});
  });

  it('a Honeycomb key alone turns Honeycomb on', () => {
    expect(readConfigWithoutDatabase({ HONEYCOMB_API_KEY: 'hc' }).otlp).toMatchObject({
      tracesUrl: 'https://api.honeycomb.io/v1/traces',
      headers: { 'x-honeycomb-team': 'hc' },
    });
  });
});

describe('in a cloud workspace', () => {
  it.each([
    [
      { GITPOD_WORKSPACE_ID: 'w1', GITPOD_WORKSPACE_CLUSTER_HOST: 'ws-eu1.gitpod.io' },
      '4567-w1.ws-eu1.gitpod.io',
    ],
    [
      { CODESPACE_NAME: 'c1', GITHUB_CODESPACES_PORT_FORWARDING_DOMAIN: 'app.github.dev' },
      'c1-4567.app.github.dev',
    ],
  ])('the public hosts of %o are the defaults', (workspace, host) => {
    expect(inCompose(workspace)).toMatchObject({
      allowedOrigins: [`https://${host.replace('4567', '3000')}`, `https://${host}`],
      xray: { namePattern: `*${host}*` },
    });
    const given = { ...workspace, BACKEND_URL: 'https://mine', AWS_XRAY_URL: '*mine*' };
    expect(inCompose(given)).toMatchObject({
      allowedOrigins: [expect.any(String), 'https://mine'],
      xray: { namePattern: '*mine*' },
    });
  });
});
