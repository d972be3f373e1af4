import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { ConfigError } from '../../../src/config/config-error.ts';
import { mergeDotEnv } from '../../../src/config/loading/merge-dot-env.ts';
import { parseDotEnv } from '../../../src/config/loading/parse-dot-env.ts';
import { readDotEnv } from '../../../src/config/loading/read-dot-env.ts';

const MAX_BYTES = 1_000_000;

const folder = mkdtempSync(join(tmpdir(), 'cruddur-env-'));
afterAll(() => rmSync(folder, { recursive: true }));
let files = 0;
const newPath = () => join(folder, String(files++));

function write(content: string | Buffer): string {
  const path = newPath();
  writeFileSync(path, content);
  return path;
}

const utf16be = (text: string) => Buffer.from(text, 'utf16le').swap16();
const TEXT = 'PORT=1\r\nHOST=é\r\n';
const VALUES = [
  ['PORT', '1'],
  ['HOST', 'é'],
];

describe('the encoding of .env', () => {
  it.each([
    ['UTF-8', Buffer.from(TEXT)],
    ['UTF-8 with a byte order mark', Buffer.from(`\ufeff${TEXT}`)],
    ['two files with marks, joined', Buffer.from(`\ufeffPORT=1\n\ufeffHOST=é`)],
    ['UTF-16 LE with a mark', Buffer.from(`\ufeff${TEXT}`, 'utf16le')],
    ['UTF-16 BE with a mark', utf16be(`\ufeff${TEXT}`)],
    ['UTF-16 LE without one', Buffer.from(TEXT, 'utf16le')],
    ['UTF-16 BE without one', utf16be(TEXT)],
  ])('may be %s', (_name, bytes) => {
    expect([...readDotEnv(write(bytes)).values]).toEqual(VALUES);
  });

  it.each([
    [
      'a NUL character',
      Buffer.from('PORT=1\nHOST=hu\0sh'),
      'text: it contains a NUL character (line 2, HOST)',
    ],
    ['UTF-32', Buffer.from([0xff, 0xfe, 0, 0, 0x41, 0, 0, 0]), 'text: it contains a NUL character (line 1)'],
    ['half of UTF-16', Buffer.from([0xff, 0xfe, 0x41]), 'text in UTF-8: some of its bytes are not'],
    ['compressed', Buffer.from([0x1f, 0x8b, 0x08, 0x00]), 'text: it contains a NUL character (line 1)'],
  ])('may not be %s', (_name, bytes, fault) => {
    expect(() => readDotEnv(write(bytes))).toThrow(new ConfigError([`.env must be ${fault}`]));
  });
});

it('Latin-1 is refused in what is read, and left to others', () => {
  const latin1 = (text: string) => write(Buffer.from(text, 'latin1'));
  expect(readDotEnv(latin1('# cl\xe9\nTHEIRS=\xe9\nPORT=1')).values.get('PORT')).toBe('1');
  expect(() => readDotEnv(latin1('A=1\nHOST=hush\xe9'))).toThrow(
    new ConfigError(['HOST must be in UTF-8, which some of its bytes are not, in line 2 of .env']),
  );
});

describe('what is named .env', () => {
  it('may be missing, empty, or a link to a device that is', () => {
    const link = newPath();
    symlinkSync('/dev/null', link);
    for (const path of [newPath(), write(''), link]) expect(readDotEnv(path).values.size).toBe(0);
  });

  it.each<[string, (path: string) => void, string]>([
    ['a directory', (path) => mkdirSync(path), 'be a file, not a directory: Docker'],
    ['a named pipe', (path) => execFileSync('mkfifo', [path]), 'be a regular file, not a named pipe'],
    ['a dangling link', (path) => symlinkSync('none', path), 'not be a symbolic link to a missing file'],
    ['a link to itself', (path) => symlinkSync(path, path), 'not be a symbolic link to itself'],
    ['an endless device', (path) => symlinkSync('/dev/zero', path), 'be smaller than 1 MB'],
    ['too large', (path) => writeFileSync(path, Buffer.alloc(MAX_BYTES + 1, '#')), 'be smaller than 1 MB'],
  ])('may not be %s', (_name, make, fault) => {
    const path = newPath();
    make(path);
    expect(() => readDotEnv(path)).toThrow(`\n  .env must ${fault}`);
  });

  it('may not be a socket', async () => {
    const path = newPath();
    const server = createServer().listen(path);
    expect(() => readDotEnv(path)).toThrow('.env must be a regular file, not a socket');
    await new Promise((resolve) => server.close(resolve));
  });

  it('may be 1 MB', () => {
    expect(readDotEnv(write(Buffer.alloc(MAX_BYTES, '#'))).values.size).toBe(0);
  });
});

it('whatever its bytes are, .env is read, or refused in at most eleven plain lines that repeat no value', () => {
  const piece = fc.oneof(
    fc.constantFrom(
      'PORT',
      'DATABASE_URL',
      '=',
      '"',
      "'",
      '`',
      '\n',
      '\r',
      ' ',
      '#',
      ':',
      'export ',
      '$',
      '\\',
    ),
    fc.constantFrom('\ufeff', '\u200b', 'set ', '$env:', 'hush'),
    fc.string({ unit: 'binary', maxLength: 4 }).map((text) => `hush${text}`),
  );
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 40 }).map((array) => Buffer.from(array)),
    fc.array(piece, { maxLength: 30 }).map((pieces) => Buffer.from(pieces.join(''))),
    fc.array(piece, { maxLength: 30 }).map((pieces) => Buffer.from(pieces.join(''), 'utf16le')),
  );
  fc.assert(
    fc.property(bytes, (content) => {
      const env = {};
      try {
        mergeDotEnv(env, readDotEnv(write(content)));
      } catch (error) {
        if (!(error instanceof ConfigError)) throw error;
        expect(error.faults.length).toBeGreaterThan(0);
        expect(error.faults.length).toBeLessThanOrEqual(11);
        for (const fault of error.faults)
          expect(fault).toMatch(/^(?:[A-Z_]+|\.env|Line \d+ of \.env) must [^\n]+$/);
        expect(error.message).not.toContain('hush');
      }
      expect(Object.values(env).join('')).not.toContain('\0');
    }),
    { numRuns: 300 },
  );
});

it('many faults are cut at ten', () => {
  expect(() => readDotEnv(write('PORT: 1\n'.repeat(1000)))).toThrow(
    '  .env must have 990 more lines corrected',
  );
});

it('a file of 1 MB with an open quote in each line is refused within a second', () => {
  const text = `A="${'x'.repeat(10)}\nPORT='x\n`.repeat(35_000);
  const start = performance.now();
  expect(parseDotEnv(text).faults.length).toBeGreaterThan(0);
  expect(performance.now() - start).toBeLessThan(1000);
});

describe('the environment and .env together', () => {
  const merge = (env: Record<string, string>, text: string) => {
    const warnings = mergeDotEnv(env, parseDotEnv(text));
    return { env, warnings };
  };

  it('the environment wins, also where it is empty', () => {
    expect(merge({ PORT: '1', HOST: '' }, 'PORT=2\nHOST=a\nLOG_LEVEL=info').env).toEqual({
      PORT: '1',
      HOST: '',
      LOG_LEVEL: 'info',
    });
  });

  it('quotes and blanks are removed from what is read, and from nothing else', () => {
    const theirs = { PS1: '"> "', THEIRS: ' a\r' };
    const { env } = merge(
      {
        ...theirs,
        AWS_PROFILE: '"dev"',
        OTEL_LOG_LEVEL: ' info\r',
        HTTPS_PROXY: "'http://p'",
        no_proxy: ' a ',
      },
      '',
    );
    expect(env).toEqual({
      ...theirs,
      AWS_PROFILE: 'dev',
      OTEL_LOG_LEVEL: 'info',
      HTTPS_PROXY: 'http://p',
      no_proxy: 'a',
    });
  });

  it.each([
    ['ROLLBAR_ACCES_TOKEN', 'ROLLBAR_ACCESS_TOKEN'],
    ['OTEL_SERVICENAME', 'OTEL_SERVICE_NAME'],
    ['OTEL_EXPORTER_OTLP_HEADER', 'OTEL_EXPORTER_OTLP_HEADERS'],
    ['HONEYCOMB_APIKEY', 'HONEYCOMB_API_KEY'],
    ['CLOUDWATCH_LOGS_GROUP', 'CLOUDWATCH_LOG_GROUP'],
    ['FRONTENT_URL', 'FRONTEND_URL'],
    ['port', 'PORT'],
    ['aws-region', 'AWS_REGION'],
  ])('%s is a warning that names %s', (name, meant) => {
    expect(merge({}, `${name}=hush`).warnings).toEqual([`${name} is not read: ${meant} is probably meant`]);
  });

  it.each([
    ...[
      'PATH',
      'HOME',
      'HOSTNAME',
      'PORTS',
      'http_proxy',
      'FTP_PROXY',
      'ALL_PROXY',
      'no_proxy',
      'DATABASE_PORT',
      'CONSOLE_SERVICE_PORT',
    ],
    ...['OTEL_BLRP_SCHEDULE_DELAY', 'OTEL_BSP_EXPORT_TIMEOUT', 'OTEL_METRICS_EXPORTER', 'OTEL_PROPAGATORS'],
    ...['OTEL_EXPORTER_OTLP_LOGS_ENDPOINT', 'AWS_ROLE_ARN', 'AWS_CA_BUNDLE', 'XRAY_DAEMON_PORT', 'PGPORT'],
    ...[
      'DATABASE_SSL',
      'AWS_ACCESS_KEY',
      'AWS_ENDPOINT_URL_S3',
      'GITPOD_HOST',
      'ROLLBAR_ENV',
      'npm_config_proxy',
    ],
    ...['A'.repeat(10_000), 'OTEL_SERVICE_NAME\n', 'OTEL_SERVICE\u001bNAME'],
  ])('%.40s is none', (name) => {
    expect(merge({ [name]: 'x' }, '').warnings).toEqual([]);
  });

  it('a name near to one that is set, too, is none', () => {
    expect(merge({ DATABASE_URL: 'x', DATABASE_URI: 'x' }, '').warnings).toEqual([]);
  });

  it('what Node reads before the file is a warning, unless the environment has it', () => {
    const text = 'NODE_OPTIONS=--a';
    expect(merge({}, text).warnings).toEqual([
      'NODE_OPTIONS in .env has no effect: Node reads it earlier, set it in the environment',
    ]);
    expect(merge({ NODE_OPTIONS: '--a' }, text).warnings).toEqual([]);
  });
});
