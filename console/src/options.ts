import { parseArgs } from 'node:util';
import { z } from 'zod';
import type { ConsoleOptions } from './server.ts';
import { workspaceHost } from './workspace-host.ts';

/** Variables or flags are invalid. `message` has a line per error, and never repeats a variable's value. */
export class OptionsError extends Error {
  override readonly name = 'OptionsError';
}

const port = z.coerce
  .number('must be a whole number from 0 to 65535')
  .int('must be a whole number from 0 to 65535')
  .min(0, 'must be from 0 to 65535')
  .max(65_535, 'must be from 0 to 65535');

const host = /^(?:\*\.)?[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/i;

const Environment = z.object({
  CONSOLE_HOST: z.string().default('127.0.0.1'),
  CONSOLE_PORT: port.default(4568),
  CONSOLE_XRAY_PORT: port.default(2000),
  CONSOLE_MEMORY_MB: z.coerce
    .number('must be a whole number from 1 to 4096')
    .int('must be a whole number from 1 to 4096')
    .min(1, 'must be from 1 to 4096')
    .max(4096, 'must be from 1 to 4096')
    .default(64),
  CONSOLE_ALLOWED_HOSTS: z
    .string()
    .transform((list) =>
      list
        .split(',')
        .map((name) => name.trim())
        .filter(Boolean),
    )
    .refine((names) => names.every((name) => host.test(name)), 'must be host names, separated by commas')
    .default([]),
});

/**
 * Reads the console's variables and the flags `--save FILE` and `--load FILE`. An empty variable counts as
 * unset. Throws `OptionsError` with all errors.
 */
export function readOptions(
  env: NodeJS.ProcessEnv = process.env,
  args = process.argv.slice(2),
): ConsoleOptions {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value?.trim()));
  const parsed = Environment.safeParse(given);
  const faults = parsed.success
    ? []
    : parsed.error.issues.map(({ path, message }) => `${String(path[0])} ${message}`);
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
