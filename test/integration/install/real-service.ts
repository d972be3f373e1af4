import { execFile } from 'node:child_process';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cachedFolder } from '../../helpers/cached-folder.ts';

/** A real part that the service meets in use; `missing` says why it cannot be had. */
export interface RealService {
  readonly version: string;
  /** Of its program, or the folder of its programs. */
  readonly path: string;
  readonly missing?: string;
}

/** Outside of the repository, and kept from run to run. */
const CACHE = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'cruddur-integration');

const MAX_OUTPUT = 64 * 1024 * 1024;
const execute = promisify(execFile);

/** Runs a program to its end; resolves with its stdout, rejects with what it wrote when its code is not 0. */
export async function run(
  file: string,
  args: readonly string[],
  options: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv } = {},
): Promise<string> {
  const env = { ...process.env, ...options.env };
  const { stdout } = await execute(file, args, { ...options, env, maxBuffer: MAX_OUTPUT });
  return stdout.trim();
}

/** Returns the folder `name` of the cache, which `make` fills once. */
export function cached(name: string, make: (folder: string) => Promise<unknown>): Promise<string> {
  return cachedFolder(join(CACHE, name), make);
}

/** What `install` resolves with, or a peer that is missing for the last line of what went wrong. */
export async function orMissing(install: () => Promise<RealService>): Promise<RealService> {
  try {
    return await install();
  } catch (error) {
    const { stderr, message } = error as Error & { stderr?: string };
    return {
      version: '',
      path: '',
      missing: (stderr || message).trim().split('\n').at(-1)?.trim() ?? 'unknown',
    };
  }
}
