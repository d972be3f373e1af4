import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { composeVariables } from '../../src/compose/compose-variables.ts';
import { daemonConfig } from '../../src/compose/daemon-config.ts';
import { readConfig } from '../../src/config/config.ts';
import { ROOT } from '../helpers/app/service.ts';

const COMPOSE = { DATABASE_URL: 'postgres://db/cruddur', AWS_XRAY_DAEMON_ADDRESS: 'xray-daemon:2000' };
const CONSOLE = 'http://console:4568';
const AWS_KEYS = { AWS_ACCESS_KEY_ID: 'AKIA', AWS_SECRET_ACCESS_KEY: 'hush', AWS_REGION: 'eu-west-1' };

/** The configuration of the service in its container. */
function configured(dotEnv: Record<string, string>) {
  return readConfig({ ...COMPOSE, ...dotEnv, ...composeVariables(dotEnv) });
}

describe('in the containers', () => {
  it('what has no key goes to the console', () => {
    expect(configured({ HONEYCOMB_API_KEY: '', AWS_REGION: ' ' })).toMatchObject({
      honeycomb: { tracesUrl: `${CONSOLE}/v1/traces`, headers: {} },
      cloudwatch: { endpoint: CONSOLE, group: 'cruddur', region: 'ca-central-1' },
      rollbar: { endpoint: `${CONSOLE}/api/1/item/` },
    });
    expect(JSON.parse(daemonConfig({}))).toEqual({ Version: 2, Region: 'ca-central-1', Endpoint: CONSOLE });
  });

  it('a Honeycomb key sends spans to Honeycomb, in the EU where the address says so', () => {
    expect(configured({ HONEYCOMB_API_KEY: 'hc,1' })).toMatchObject({
      honeycomb: {
        tracesUrl: 'https://api.honeycomb.io/v1/traces',
        headers: { 'x-honeycomb-team': 'hc,1' },
      },
      cloudwatch: { endpoint: CONSOLE },
      rollbar: { endpoint: `${CONSOLE}/api/1/item/` },
    });
    const eu = {
      HONEYCOMB_API_KEY: 'hc',
      OTEL_EXPORTER_OTLP_ENDPOINT: 'https://api.eu1.honeycomb.io',
    };
    expect(configured(eu).honeycomb?.tracesUrl).toBe('https://api.eu1.honeycomb.io/v1/traces');
  });

  it('AWS keys send lines and segments to AWS, in the region of either variable', () => {
    const { cloudwatch, honeycomb } = configured(AWS_KEYS);
    expect(cloudwatch).toMatchObject({ group: 'cruddur', region: 'eu-west-1', endpoint: undefined });
    expect(honeycomb?.tracesUrl).toContain(CONSOLE);
    expect(JSON.parse(daemonConfig(AWS_KEYS))).toEqual({ Version: 2, Region: 'eu-west-1' });
    const byDefault = { ...AWS_KEYS, AWS_REGION: '', AWS_DEFAULT_REGION: 'us-west-2' };
    expect(configured(byDefault).cloudwatch?.region).toBe('us-west-2');
    expect(JSON.parse(daemonConfig(byDefault))).toMatchObject({ Region: 'us-west-2' });
  });

  it('AWS keys without a region are refused in plain words', () => {
    expect(() => configured({ AWS_ACCESS_KEY_ID: 'AKIA', AWS_SECRET_ACCESS_KEY: 'hush' })).toThrow(
      'AWS_REGION must be set',
    );
  });

  it('a Rollbar token sends reports to Rollbar', () => {
    expect(configured({ ROLLBAR_ACCESS_TOKEN: 'mine' }).rollbar).toMatchObject({
      accessToken: 'mine',
      endpoint: 'https://api.rollbar.com/api/1/item/',
    });
  });

  it.each([
    [
      { GITPOD_WORKSPACE_ID: 'w1', GITPOD_WORKSPACE_CLUSTER_HOST: 'ws-eu1.gitpod.io' },
      '4567-w1.ws-eu1.gitpod.io',
    ],
    [
      { CODESPACE_NAME: 'c1', GITHUB_CODESPACES_PORT_FORWARDING_DOMAIN: 'app.github.dev' },
      'c1-4567.app.github.dev',
    ],
  ])('the hosts of the workspace %o are known', (workspace, host) => {
    expect(configured(workspace)).toMatchObject({
      allowedOrigins: [`https://${host.replace('4567', '3000')}`, `https://${host}`],
      xray: { namePattern: `*${host}*` },
    });
    expect(composeVariables({ ...workspace, CONSOLE_ALLOWED_HOSTS: 'mine' }).CONSOLE_ALLOWED_HOSTS).toBe(
      `console,${host.replace('4567', '4568')},mine`,
    );
    expect(configured({ ...workspace, BACKEND_URL: 'https://mine' }).allowedOrigins).toContain(
      'https://mine',
    );
  });

  it('the rest of the environment is passed on, name by name', () => {
    const compose = readFileSync(join(ROOT, 'docker-compose.yml'), 'utf8');
    const source = readFileSync(join(ROOT, 'src/config/environment.ts'), 'utf8');
    const names = [...source.matchAll(/^ {4}([A-Z][A-Z0-9_]+):/gm)].map(([, name]) => String(name));
    // The image's own, files of the host, and what the containers have no folder for.
    const own = /^(HOST|AWS_PROFILE|OTEL_EXPORTER_OTLP_(CLIENT_)?(CERTIFICATE|KEY))$/;
    const missing = names.filter((name) => !own.test(name) && !new RegExp(`\\b${name}\\b`).test(compose));
    expect(names.length).toBeGreaterThan(30);
    expect(missing).toEqual([]);
  });
});
