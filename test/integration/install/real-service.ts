import { execFile } from 'node:child_process';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cachedFolder } from '../../helpers/cached-folder.ts';

/**
 * A service or tool that the API works with in production. `missing` is the reason why it is not available.
 */
export interface RealService {
  readonly version: string;
  /** The path of its program, or of the folder of its programs. */
  readonly path: string;
  readonly missing?: string;
}

/** Outside of the repository, and kept between runs. */
const CACHE = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'cruddur-integration');

const MAX_OUTPUT = 64 * 1024 * 1024;
const execute = promisify(execFile);

/** Runs a program and resolves with its stdout. Rejects with its output when its exit code is not 0. */
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

/** Resolves with the service, or with a missing one whose reason is the last line of the error. */
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
