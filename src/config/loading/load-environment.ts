import { orExit } from '../config.ts';
import { mergeDotEnv } from './merge-dot-env.ts';
import { readDotEnv } from './read-dot-env.ts';

/** Maximum number of warnings that are printed. */
const MAX_WARNINGS = 10;

/**
 * Adds to `process.env` the variables of `.env` in the working directory that it lacks, and removes quotes
 * and blanks around the values that are read, because libraries such as the AWS SDK read them there. A file
 * that cannot be read ends the process with 78. Names that are probably misspelt are warnings on stderr.
 */
export function loadEnvironment({ warns = true } = {}): void {
  const warnings = orExit(() => mergeDotEnv(process.env, readDotEnv('.env')));
  if (!warns) return;
  for (const warning of warnings.slice(0, MAX_WARNINGS)) process.stderr.write(`warning: ${warning}\n`);
}
