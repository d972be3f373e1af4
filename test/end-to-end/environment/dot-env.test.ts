import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import packageJson from '../../../package.json' with { type: 'json' };
import { NODE_ARGUMENTS } from '../../../src/cli/launcher/node-arguments.ts';
import { ROOT } from '../../helpers/app/service.ts';
import { useNodeProcesses } from '../../helpers/process/node-process.ts';

const startNode = useNodeProcesses();
const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

const cli = (name: string) => [join(ROOT, `src/cli/${name}.ts`)];
const PRELOAD = pathToFileURL(join(ROOT, 'src/config/loading/preload.ts')).href;
const ENTRY_POINTS = {
  api: [...NODE_ARGUMENTS, join(ROOT, 'src/main.ts')],
  start: cli('start'),
  doctor: cli('doctor'),
  'db:migrate': cli('db-migrate'),
  'honeycomb:board': [...cli('honeycomb-board'), '--dry-run'],
  console: ['--import', PRELOAD, join(ROOT, 'console/src/main.ts')],
};

/** Starts an entry point in a folder of its own, in which `prepare` makes `.env`. */
function run(entry: keyof typeof ENTRY_POINTS, prepare: (path: string) => void) {
  const cwd = mkdtempSync(join(tmpdir(), 'cruddur-env-'));
  folders.push(cwd);
  prepare(join(cwd, '.env'));
  return startNode(ENTRY_POINTS[entry], { cwd, environment: {} }).ended;
}

const containing = (content: string | Buffer) => (path: string) => writeFileSync(path, content);
const utf16 = (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le');

describe.concurrent('a .env that cannot be read is a plain fault and exit code 78', () => {
  it.each<[keyof typeof ENTRY_POINTS, string, (path: string) => void, string]>([
    ['api', 'a directory', (path) => mkdirSync(path), '.env must be a file, not a directory'],
    ['start', 'a named pipe', (path) => execFileSync('mkfifo', [path]), '.env must be a regular file'],
    [
      'doctor',
      'a dangling link',
      (path) => symlinkSync('none', path),
      '.env must not be a symbolic link to a missing',
    ],
    [
      'db:migrate',
      'Latin-1',
      containing(Buffer.from('DATABASE_PASSWORD=hush\u00e9', 'latin1')),
      'DATABASE_PASSWORD must be in UTF-8, which some of its bytes are not, in line 1 of .env',
    ],
    [
      'honeycomb:board',
      'set NAME=',
      containing('A=1\r\nset HONEYCOMB_API_KEY=hush\r\n'),
      'HONEYCOMB_API_KEY must be written as HONEYCOMB_API_KEY=value in line 2 of .env',
    ],
    [
      'console',
      'a value in UTF-16',
      containing(utf16('CONSOLE_PORT=hush\r\n')),
      'CONSOLE_PORT must be a whole number',
    ],
  ])('%s: %s', async (entry, _what, prepare, fault) => {
    const { code, stdout, stderr } = await run(entry, prepare);
    expect({ code, stdout, lines: stderr.trimEnd().split('\n') }).toEqual({
      code: 78,
      stdout: '',
      lines: [
        expect.stringMatching(/^(cannot start|console): invalid configuration \(1 error\)$/),
        expect.stringContaining(`  ${fault}`),
      ],
    });
    expect(stderr).not.toContain('hush');
  });
});

describe.concurrent('a .env of another kind is read', () => {
  it('in UTF-16; a name that is probably misspelt is a warning', async () => {
    const { code, stdout, stderr } = await run('doctor', containing(utf16('ROLLBAR_ACCES_TOKEN=hush\r\n')));
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: 'warning: ROLLBAR_ACCES_TOKEN is not read: ROLLBAR_ACCESS_TOKEN is probably meant\n',
    });
    expect(stdout + stderr).not.toContain('hush');
  });
});

it('npm run console preloads what reads it', () => {
  expect(packageJson.scripts.console).toMatch(
    /^node --import \.\/src\/config\/loading\/preload\.ts .*console/,
  );
});

it('libraries find the values without quotes, as the service does', async () => {
  const probe = join(mkdtempSync(join(tmpdir(), 'cruddur-env-')), 'probe.mjs');
  folders.push(join(probe, '..'));
  writeFileSync(
    probe,
    `await import(${JSON.stringify(PRELOAD)});
     const { AWS_REGION, AWS_ACCESS_KEY_ID, OTEL_LOG_LEVEL, DATABASE_PASSWORD, PS1 } = process.env;
     process.stdout.write(JSON.stringify({ AWS_REGION, AWS_ACCESS_KEY_ID, OTEL_LOG_LEVEL, DATABASE_PASSWORD, PS1 }));`,
  );
  const environment = {
    AWS_REGION: '"us-east-1"',
    AWS_ACCESS_KEY_ID: ' AKIA\r',
    OTEL_LOG_LEVEL: "'info'",
    DATABASE_PASSWORD: ' a \r\n',
    PS1: '"> "',
  };
  const { stdout } = await startNode([probe], { cwd: tmpdir(), environment }).ended;
  expect(JSON.parse(stdout)).toEqual({
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'AKIA',
    OTEL_LOG_LEVEL: 'info',
    DATABASE_PASSWORD: ' a ',
    PS1: '"> "',
  });
});
