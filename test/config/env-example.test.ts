import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { describe, expect, it } from 'vitest';
import { HoneycombEnvironment, readHoneycombOptions } from '../../src/cli/honeycomb/options.ts';
import { readLauncherConfig } from '../../src/cli/launcher/launcher-config.ts';
import { readConfig } from '../../src/config/config.ts';
import { ConfigError } from '../../src/config/config-error.ts';
import { Environment } from '../../src/config/environment.ts';
import { isKnown } from '../../src/config/loading/names.ts';
import { parseDotEnv } from '../../src/config/loading/parse-dot-env.ts';
import { readDotEnv } from '../../src/config/loading/read-dot-env.ts';
import { WORKSPACE_VARIABLES } from '../../src/config/variables/service-variables.ts';

const ROOT = join(import.meta.dirname, '../..');
const example = readFileSync(join(ROOT, '.env.example'), 'utf8');

const uncommented = example.replaceAll(/^# (?=[A-Z][A-Z0-9_]*=)/gm, '');

/**
 * The example with every line uncommented and every key filled in: all systems on. X-Ray can be reached in
 * two ways, one at a time.
 */
const { AWS_XRAY_OTLP_ENDPOINT = 'none', ...all } = parseEnv(uncommented.replaceAll(/YOUR_\w+/g, 'mine'));

/** Variables that turn a system on, and those without a default. */
const SWITCHES = [
  'DATABASE_URL',
  'HONEYCOMB_API_KEY',
  'OTEL_EXPORTER_OTLP_ENDPOINT',
  'OTEL_EXPORTER_OTLP_HEADERS',
  'AWS_XRAY_DAEMON_ADDRESS',
  'CLOUDWATCH_LOG_GROUP',
  'CLOUDWATCH_LOG_RETENTION_DAYS',
  'AWS_REGION',
  'AWS_ACCESS_KEY_ID',
  'ROLLBAR_ACCESS_TOKEN',
];

/** Read by the console, a package of its own. */
const CONSOLE_VARIABLES = [
  'CONSOLE_HOST',
  'CONSOLE_PORT',
  'CONSOLE_XRAY_PORT',
  'CONSOLE_MEMORY_MB',
  'CONSOLE_ALLOWED_HOSTS',
];

describe('.env.example', () => {
  it('lists each variable that is read, once, and no other', () => {
    const names = [
      ...Object.keys(Environment.shape).filter((name) => !(name in WORKSPACE_VARIABLES)),
      ...Object.keys(HoneycombEnvironment.shape),
      ...CONSOLE_VARIABLES,
      'DATA_DIR',
      'AWS_SECRET_ACCESS_KEY',
    ];
    const listed = [...example.matchAll(/^(?:# )?([A-Z][A-Z0-9_]*)=/gm)].map(([, name]) => name);
    expect(listed.toSorted()).toEqual(names.toSorted());
  });

  it('lists each variable whose quotes, blanks and misspellings are looked for, and no other', () => {
    const names = Object.keys(parseEnv(uncommented));
    expect(names.filter((name) => !isKnown(name))).toEqual([]);
    expect(readDotEnv(join(ROOT, '.env.example'))).toMatchObject({ faults: [], warnings: [] });
    expect(parseDotEnv(uncommented)).toMatchObject({ faults: [], warnings: [] });
    expect(Object.fromEntries(parseDotEnv(uncommented).values)).toEqual(parseEnv(uncommented));
  });

  it('is refused while a placeholder is left in it, by the name of its variable', () => {
    const { AWS_XRAY_OTLP_ENDPOINT: _other, ...left } = parseEnv(uncommented);
    const names = Object.keys(left).filter((name) => left[name]?.includes('YOUR_'));
    expect(names.length).toBeGreaterThan(4);
    expect(() => readConfig(left)).toThrow(
      expect.toSatisfy(
        ({ faults }: ConfigError) =>
          faults.length === names.length &&
          names.every((name) => faults.some((fault) => fault.startsWith(`${name} must be replaced`))),
      ),
    );
  });

  it('switches nothing on as it is, and lacks only a database', () => {
    const asItIs = parseEnv(example);
    expect(() => readConfig(asItIs)).toThrow(
      expect.toSatisfy((error) => error instanceof ConfigError && error.faults.length === 1),
    );
    expect(() => readConfig(asItIs)).toThrow('DATABASE_URL must be set');
    const { otlp, xray, cloudwatch, rollbar } = readConfig({
      ...asItIs,
      DATABASE_URL: all.DATABASE_URL,
    });
    expect({ otlp, xray, cloudwatch, rollbar }).toEqual({});
  });

  it('switches all four on without its comment signs', () => {
    expect(readConfig(all)).toMatchObject({
      otlp: {
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
    // The password is a function, so that no dump shows it.
    const shown = (env: NodeJS.ProcessEnv) => JSON.parse(JSON.stringify(readConfig(env)));
    expect(shown(all)).toEqual(shown(switches));
    expect(readLauncherConfig(all).dataDir).toBe(readLauncherConfig({}).dataDir);
    expect(readHoneycombOptions({ needsKey: true }, all).endpoint).toBe(
      readHoneycombOptions({ needsKey: false }, {}).endpoint,
    );
  });
});
