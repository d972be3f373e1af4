import { ConfigError } from '../config-error.ts';
import { decodeText } from './decode-text.ts';
import { type DotEnv, parseDotEnv } from './parse-dot-env.ts';
import { readFile } from './read-file.ts';

/** Maximum number of faults of one file that are told one by one. */
const MAX_FAULTS = 10;

/** Reads and parses `.env`; an absent file has no variables. Throws `ConfigError`. */
export function readDotEnv(path: string): DotEnv {
  const bytes = readFile(path);
  const dotEnv = parseDotEnv(bytes ? decodeText(bytes) : '');
  if (dotEnv.faults.length > 0) throw new ConfigError(bounded(dotEnv.faults));
  return dotEnv;
}

function bounded(faults: readonly string[]): string[] {
  const more = faults.length - MAX_FAULTS;
  return [
    ...faults.slice(0, MAX_FAULTS),
    ...(more > 0 ? [`.env must have ${more} more lines corrected`] : []),
  ];
}
