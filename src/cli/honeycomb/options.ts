import { z } from 'zod';
import { ConfigError } from '../../config/config.ts';

const Environment = z.object({
  HONEYCOMB_CONFIGURATION_KEY: z
    .string()
    .regex(/^[\x21-\x7e]+$/, 'may hold printable ASCII only, without spaces')
    .optional(),
  HONEYCOMB_API_ENDPOINT: z
    .url({ protocol: /^https?$/, error: 'must be an http:// or https:// URL' })
    .default('https://api.honeycomb.io'),
});

export interface HoneycombOptions {
  readonly endpoint: string;
  /** A configuration key; undefined when nothing is to be sent. */
  readonly key: string | undefined;
}

/** Reads what the commands for Honeycomb need; an empty variable counts as unset. Throws `ConfigError`. */
export function readHoneycombOptions(
  { needsKey }: { readonly needsKey: boolean },
  env: NodeJS.ProcessEnv = process.env,
): HoneycombOptions {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value?.trim()));
  const parsed = Environment.safeParse(given);
  if (!parsed.success)
    throw new ConfigError(parsed.error.issues.map(({ path, message }) => `${String(path[0])} ${message}`));
  const { HONEYCOMB_CONFIGURATION_KEY: key, HONEYCOMB_API_ENDPOINT: endpoint } = parsed.data;
  if (needsKey && key === undefined)
    throw new ConfigError([
      'HONEYCOMB_CONFIGURATION_KEY is not set: it must be a configuration key of the environment in Honeycomb',
    ]);
  return { endpoint, key };
}
