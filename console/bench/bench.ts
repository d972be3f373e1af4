import { measureConsole } from './measure-console.ts';

/** `npm run bench`: prints the figures. Missing a target does not change the exit code. */
process.stdout.write(await measureConsole());
