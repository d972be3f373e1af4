import { parseArgs } from 'node:util';
import { describeIssues, Environment, givenVariables } from './environment.ts';
import type { ConsoleOptions } from './server.ts';
import { workspaceHost } from './workspace-host.ts';

/** Variables or flags are invalid. `message` has a line per error, and never repeats a variable's value. */
export class OptionsError extends Error {
  override readonly name = 'OptionsError';
}

/**
 * Reads the console's variables and the flags `--save FILE` and `--load FILE`. An empty variable counts as
 * unset. Throws `OptionsError` with all errors.
 */
export function readOptions(
  env: NodeJS.ProcessEnv = process.env,
  args = process.argv.slice(2),
): ConsoleOptions {
  const given = givenVariables(env);
  const parsed = Environment.safeParse(given);
  const faults = describeIssues(parsed.error?.issues ?? [], given);
  const { save, load } = readFlags(args, faults);
  if (!parsed.success || faults.length > 0) {
    const count = faults.length === 1 ? '1 error' : `${faults.length} errors`;
    throw new OptionsError(
      `invalid configuration (${count})\n${faults.map((fault) => `  ${fault}`).join('\n')}`,
    );
  }
  const { CONSOLE_HOST, CONSOLE_PORT, CONSOLE_XRAY_PORT, CONSOLE_MEMORY_MB, CONSOLE_ALLOWED_HOSTS } =
    parsed.data;
  const publicHost = workspaceHost(given);
  return {
    host: CONSOLE_HOST,
    port: CONSOLE_PORT,
    xrayPort: CONSOLE_XRAY_PORT,
    maxBytes: CONSOLE_MEMORY_MB * 1024 * 1024,
    allowedHosts: publicHost ? [...CONSOLE_ALLOWED_HOSTS, publicHost] : CONSOLE_ALLOWED_HOSTS,
    ...(save !== undefined && { save }),
    ...(load !== undefined && { load }),
  };
}

function readFlags(args: readonly string[], faults: string[]): { save?: string; load?: string } {
  try {
    return parseArgs({ args: [...args], options: { save: { type: 'string' }, load: { type: 'string' } } })
      .values;
  } catch (error) {
    faults.push(`${(error as Error).message} (the flags are --save FILE and --load FILE)`);
    return {};
  }
}
