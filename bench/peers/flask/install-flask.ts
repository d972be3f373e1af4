import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { upToDate } from '../up-to-date.ts';

const REQUIREMENTS = new URL('requirements.txt', import.meta.url);
const VENV = new URL('.venv/', import.meta.url);
const COMPLETED = new URL('completed', VENV);

/** Runs the app with the libraries of its virtual environment. */
export const GUNICORN = fileURLToPath(new URL('bin/gunicorn', VENV));

/**
 * Installs the course's libraries in a virtual environment of this folder, unless they are up to date.
 * Returns undefined, or why the rows of Flask cannot run.
 */
export function installFlask(): string | undefined {
  if (!existsSync('/proc/self/stat')) return 'their CPU time is read in /proc, which only Linux has';
  if (upToDate(COMPLETED, REQUIREMENTS)) return undefined;
  process.stderr.write('installing Flask and its libraries (about 90 MB) into bench/peers/flask/.venv\n');
  const venv = fileURLToPath(VENV);
  const failure =
    run('python3', ['-m', 'venv', '--clear', venv]) ??
    run(`${venv}bin/python`, [
      ...['-m', 'pip', 'install', '--quiet', '--retries', '1', '--timeout', '15'],
      ...['--require-hashes', '--only-binary', ':all:', '--requirement', fileURLToPath(REQUIREMENTS)],
    ]);
  if (failure === undefined) writeFileSync(COMPLETED, '');
  return failure;
}

/** Returns the exact versions of the libraries that the app names. */
export function flaskVersions(): string[] {
  const named = readFileSync(new URL('requirements.in', import.meta.url), 'utf8').split('\n');
  const pinned = readFileSync(REQUIREMENTS, 'utf8').matchAll(/^([\w-]+)==(\S+)/gm);
  return [...pinned].filter(([, name = '']) => named.includes(name)).map(([, ...parts]) => parts.join(' '));
}

/** Returns undefined, or one line about its failure. */
function run(program: string, args: readonly string[]): string | undefined {
  const { error, status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8' });
  if (error) return `${program} does not run (${error.message})`;
  if (status === 0) return undefined;
  const lastLine = `${stdout}${stderr}`.trim().split('\n').at(-1);
  return `"${program} ${args.slice(0, 3).join(' ')}" failed (${lastLine})`;
}
