import { describe, expect, it } from 'vitest';
import { consoleSinks } from '../../../src/cli/launcher/console-sinks.ts';
import { readConfig } from '../../../src/config/config.ts';

const DATABASE_URL = 'postgres://127.0.0.1:1/none';
const REAL = {
  otlp: { OTEL_EXPORTER_OTLP_ENDPOINT: 'https://api.honeycomb.io' },
  xray: { AWS_XRAY_DAEMON_ADDRESS: 'xray-daemon:2000' },
  cloudwatch: { CLOUDWATCH_LOG_GROUP: 'Mine', AWS_REGION: 'eu-west-1' },
  rollbar: { ROLLBAR_ACCESS_TOKEN: 'mine' },
};
const LOCAL = {
  url: 'http://127.0.0.1:4568',
  variables: {
    OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4568',
    AWS_XRAY_DAEMON_ADDRESS: '127.0.0.1:2000',
    CLOUDWATCH_LOG_GROUP: 'cruddur',
    AWS_ENDPOINT_URL_CLOUDWATCH_LOGS: 'http://127.0.0.1:4568',
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    ROLLBAR_ACCESS_TOKEN: 'local',
    ROLLBAR_ENDPOINT: 'http://127.0.0.1:4568/api/1/item/',
  },
  stop: async () => {},
};

/** The environment that `npm start` gives the API. */
function wired(given: Record<string, string>): Record<string, string> {
  const env = { DATABASE_URL, ...given };
  return { ...env, ...consoleSinks(readConfig(env), LOCAL) };
}

describe('npm start sends to the console', () => {
  it('data for all four systems when none has an address', () => {
    expect(readConfig(wired({}))).toMatchObject({
      otlp: { tracesUrl: 'http://127.0.0.1:4568/v1/traces' },
      xray: { daemon: { udp: { host: '127.0.0.1', port: 2000 } } },
      cloudwatch: { endpoint: 'http://127.0.0.1:4568' },
      rollbar: { endpoint: 'http://127.0.0.1:4568/api/1/item/' },
    });
  });

  it.each(Object.entries(REAL))('data for the three other systems when %s has an address', (name, given) => {
    const config = readConfig(wired(given));
    expect(config[name as keyof typeof REAL]).toEqual(
      readConfig({ DATABASE_URL, ...given })[name as keyof typeof REAL],
    );
    const local = JSON.stringify({ ...config, [name]: undefined });
    expect(local.match(/127\.0\.0\.1(:4568|","port":2000)/g)?.length).toBeGreaterThanOrEqual(3);
  });

  it('nothing when all four have an address', () => {
    const all = Object.assign({}, ...Object.values(REAL));
    expect(wired(all)).toEqual({ DATABASE_URL, ...all });
  });

  it('no real AWS credentials', () => {
    const credentials = {
      AWS_ACCESS_KEY_ID: 'AKIAREAL',
      AWS_SECRET_ACCESS_KEY: 'real',
      AWS_SESSION_TOKEN: 'real',
    };
    expect(wired({ ...credentials, AWS_PROFILE: 'work' })).toMatchObject({
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
      AWS_SESSION_TOKEN: '',
      AWS_PROFILE: '',
    });
    expect(wired({ ...credentials, ...REAL.cloudwatch })).toMatchObject(credentials);
  });

  it('no segments when X-Ray gets spans, which are signed with the real credentials', () => {
    const credentials = { AWS_ACCESS_KEY_ID: 'AKIAREAL', AWS_SECRET_ACCESS_KEY: 'real' };
    const endpoint = 'https://xray.us-east-2.amazonaws.com/v1/traces';
    const given = wired({ ...credentials, AWS_XRAY_OTLP_ENDPOINT: endpoint });
    expect(given).toMatchObject(credentials);
    expect(readConfig(given)).toMatchObject({
      xray: undefined,
      xrayOtlp: { tracesUrl: endpoint },
      cloudwatch: { endpoint: 'http://127.0.0.1:4568' },
    });
  });

  it('nothing for a system that is switched off', () => {
    expect(readConfig(wired({ OTEL_SDK_DISABLED: 'true' })).otlp).toBeUndefined();
  });
});
