import { type ParseArgsConfig, parseArgs } from 'node:util';

type Options = NonNullable<ParseArgsConfig['options']>;

/** The flags of the command line. One that is not among them ends the process with 64 (EX_USAGE), in one line. */
export function readFlags<const T extends Options>(options: T) {
  try {
    return parseArgs({ options }).values;
  } catch (error) {
    const names = Object.keys(options).map((name) => `--${name}`);
    process.stderr.write(`${(error as Error).message} (there is ${names.join(', ')})\n`);
    process.exit(64);
  }
}
