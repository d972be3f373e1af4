import { isRead, likelyName } from './names.ts';
import { normaliseValue } from './normalise.ts';
import type { DotEnv } from './parse-dot-env.ts';

/** Node reads it before any module is loaded. */
const READ_EARLIER = 'NODE_OPTIONS';

/**
 * Adds to `env` the variables of `.env` that it lacks, as Node does: one that is empty is not lacking. Then
 * normalises the values that are read. Returns the warnings.
 */
export function mergeDotEnv(env: NodeJS.ProcessEnv, { values, warnings }: DotEnv): string[] {
  const isTooLate = values.has(READ_EARLIER) && env[READ_EARLIER] === undefined;
  for (const [name, value] of values) env[name] ??= value;
  for (const [name, value = ''] of Object.entries(env)) {
    const normal = isRead(name) ? normaliseValue(name, value) : value;
    if (normal !== value) env[name] = normal;
  }
  return [
    ...warnings,
    ...(isTooLate
      ? [`${READ_EARLIER} in .env has no effect: Node reads it earlier, set it in the environment`]
      : []),
    ...Object.keys(env).flatMap((name) => {
      const meant = likelyName(name);
      return meant === undefined || env[meant] !== undefined
        ? []
        : [`${name} is not read: ${meant} is probably meant`];
    }),
  ];
}
