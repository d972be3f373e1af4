import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { describe, expect, it } from 'vitest';
import { readOptions } from '../../console/src/options.ts';
import { readHoneycombOptions } from '../../src/cli/honeycomb/options.ts';
import { ConfigError, readConfig, readLauncherConfig } from '../../src/config/config.ts';

const ROOT = join(import.meta.dirname, '../..');
const example = readFileSync(join(ROOT, '.env.example'), 'utf8');

/** All of the example's lines with the `#` taken away: every system on. To X-Ray there are two ways, one at a time. */
const { AWS_XRAY_OTLP_ENDPOINT = 'none', ...all } = parseEnv(
  example.replaceAll(/^# (?=[A-Z][A-Z0-9_]*=)/gm, ''),
);

/** What switches a system on, and what has no default. */
const SWITCHES = [
  'DATABASE_URL',
  'OTEL_EXPORTER_OTLP_ENDPOINT',
  'OTEL_EXPORTER_OTLP_HEADERS',
  'AWS_XRAY_DAEMON_ADDRESS',
  'CLOUDWATCH_LOG_GROUP',
  'CLOUDWATCH_LOG_RETENTION_DAYS',
  'AWS_REGION',
  'ROLLBAR_ACCESS_TOKEN',
];

/** Read by the AWS SDK, or on the way into the containers, and not by the configuration. */
const CREDENTIALS = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'HONEYCOMB_API_KEY'];

describe('.env.example', () => {
  it('lists each variable that the configuration reads, once, and no other', () => {
    const source = [
      'src/config/environment.ts',
      'src/config/config.ts',
      'console/src/options.ts',
      'src/cli/honeycomb/options.ts',
    ]
      .map((path) => readFileSync(join(ROOT, path), 'utf8'))
      .join('\n');
    const read = [...source.matchAll(/^ {2,4}([A-Z][A-Z0-9_]+): |\benv\.([A-Z][A-Z0-9_]+)\b/gm)];
    const names = new Set(read.map(([, declared, used]) => declared ?? used));
    const listed = [...example.matchAll(/^(?:# )?([A-Z][A-Z0-9_]*)=/gm)].map(([, name]) => name);
    expect(listed.toSorted()).toEqual([...names, ...CREDENTIALS].toSorted());
  });

  it('switches nothing on as it is, and lacks only a database', () => {
    const asItIs = parseEnv(example);
    expect(() => readConfig(asItIs)).toThrow(
      expect.toSatisfy((error) => error instanceof ConfigError && error.faults.length === 1),
    );
    expect(() => readConfig(asItIs)).toThrow('DATABASE_URL is not set');
    const { honeycomb, xray, cloudwatch, rollbar } = readConfig({
      ...asItIs,
      DATABASE_URL: all.DATABASE_URL,
    });
    expect({ honeycomb, xray, cloudwatch, rollbar }).toEqual({});
  });

  it('switches all four on without its comment signs', () => {
    expect(readConfig(all)).toMatchObject({
      honeycomb: {
        tracesUrl: 'https://api.honeycomb.io/v1/traces',
        headers: { 'x-honeycomb-team': expect.any(String) },
      },
      xray: { daemon: { udp: { host: 'xray-daemon', port: 2000 } } },
      cloudwatch: { group: 'cruddur', region: expect.any(String), retentionDays: 7 },
      rollbar: { accessToken: expect.any(String), environment: 'production' },
    });
  });

  it("has the other way to X-Ray take the daemon's place", () => {
    expect(readConfig({ ...all, AWS_XRAY_DAEMON_ADDRESS: '', AWS_XRAY_OTLP_ENDPOINT })).toMatchObject({
      xray: undefined,
      xrayOtlp: { tracesUrl: AWS_XRAY_OTLP_ENDPOINT, region: 'us-east-2' },
    });
  });

  it('shows the defaults for all else', () => {
    const switches = Object.fromEntries(SWITCHES.map((name) => [name, all[name]]));
    expect(readConfig(all)).toEqual(readConfig(switches));
    expect(readLauncherConfig(all).dataDir).toBe(readLauncherConfig({}).dataDir);
    expect(readOptions(all, [])).toEqual(readOptions({}, []));
    expect(readHoneycombOptions({ needsKey: true }, all).endpoint).toBe(
      readHoneycombOptions({ needsKey: false }, {}).endpoint,
    );
  });
});
