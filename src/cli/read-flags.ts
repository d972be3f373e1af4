import { type ParseArgsConfig, parseArgs } from 'node:util';

type Options = NonNullable<ParseArgsConfig['options']>;

/** Parses the command line flags. An unknown flag prints one line and exits with 64 (EX_USAGE). */
export function readFlags<const T extends Options>(options: T) {
  try {
    return parseArgs({ options }).values;
  } catch (error) {
    const names = Object.keys(options).map((name) => `--${name}`);
    process.stderr.write(`${(error as Error).message} (available: ${names.join(', ')})\n`);
    process.exit(64);
  }
}
