import { isRead, likelyName } from './names.ts';
import { normaliseValue } from './normalise.ts';
import type { DotEnv } from './parse-dot-env.ts';

/** Node reads them before any module is loaded. */
const READ_BY_NODE = ['NODE_OPTIONS', 'NODE_EXTRA_CA_CERTS'];

/**
 * Adds to `env` the variables of `.env` that it lacks, as Node does: one that is empty is not lacking. Then
 * normalises the values that are read. Returns the warnings.
 */
export function mergeDotEnv(env: NodeJS.ProcessEnv, { values, warnings }: DotEnv): string[] {
  const tooLate = READ_BY_NODE.filter((name) => values.has(name) && env[name] === undefined);
  for (const [name, value] of values) env[name] ??= value;
  for (const [name, value = ''] of Object.entries(env)) {
    const normal = isRead(name) ? normaliseValue(name, value) : value;
    if (normal !== value) env[name] = normal;
  }
  return [
    ...warnings,
    ...tooLate.map(
      (name) => `${name} in .env has no effect: Node reads it earlier, set it in the environment`,
    ),
    ...Object.keys(env).flatMap((name) => {
      const meant = likelyName(name);
      return meant === undefined ? [] : [`${name} is not read: ${meant} is probably meant`];
    }),
  ];
}
