import { z } from 'zod';
import { ConfigError, describeIssues } from '../../config/config-error.ts';
import { givenVariables } from '../../config/loading/normalise.ts';
import { httpUrl, secret } from '../../config/variables/values.ts';

/** The variables that Honeycomb's commands read besides those of the service. */
export const HoneycombEnvironment = z.object({
  HONEYCOMB_CONFIGURATION_KEY: secret
    .optional()
    .describe('Configuration key, for `npm run honeycomb:board` and `honeycomb:marker`. Not the ingest key.'),
  HONEYCOMB_API_ENDPOINT: httpUrl
    .default('https://api.honeycomb.io')
    .describe('Honeycomb’s API. EU: `https://api.eu1.honeycomb.io`.'),
});

export interface HoneycombOptions {
  readonly endpoint: string;
  /** A configuration key; undefined for a dry run. */
  readonly key: string | undefined;
}

/** Reads the variables of the Honeycomb commands. An empty variable counts as unset. Throws `ConfigError`. */
export function readHoneycombOptions(
  { needsKey }: { readonly needsKey: boolean },
  env: NodeJS.ProcessEnv = process.env,
): HoneycombOptions {
  const given = givenVariables(env);
  const parsed = HoneycombEnvironment.safeParse(given);
  if (!parsed.success) throw new ConfigError(describeIssues(parsed.error.issues, given));
  const { HONEYCOMB_CONFIGURATION_KEY: key, HONEYCOMB_API_ENDPOINT: endpoint } = parsed.data;
  if (needsKey && key === undefined)
    throw new ConfigError([
      'HONEYCOMB_CONFIGURATION_KEY must be set to a configuration key of the Honeycomb environment',
    ]);
  return { endpoint, key };
}
