import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** The modules with which the API, the console and `npm start` change V8's flags at their start. */
const CHANGES_FLAGS = /(console\/src\/main|src\/telemetry|src\/cli\/start)\.ts$/;

/**
 * Returns the folder of compiled code for a process with these arguments. V8 rejects code that was compiled
 * with other flags: in one folder, these programs would replace each other's code, and that of vitest's
 * workers.
 */
export function compileCacheFor(args: readonly string[]): string | undefined {
  const folder = process.env.NODE_COMPILE_CACHE;
  const [program] = args.flatMap((argument) => CHANGES_FLAGS.exec(argument)?.[1] ?? []);
  return folder === undefined || program === undefined ? folder : join(folder, program.replaceAll('/', '-'));
}

/** Whether a process with the API has ended before, in this test run or an earlier one. */
export function isApiCompiled(): boolean {
  const folder = compileCacheFor(['src/telemetry.ts']);
  if (folder === undefined || !existsSync(folder)) return false;
  // Each process creates the folder of its Node version when it starts, and the files when it ends.
  return readdirSync(folder, { recursive: true }).length > 100;
}
