import { inspect } from 'node:util';
import type { Scrub } from '../lib/scrub/scrub.ts';
import { endProcess } from './end-process.ts';

/** Marks the handler, so that it is found without state of this module. */
const EARLY = Symbol('handles faults before the service does');

/**
 * Prints an error that nothing catches while the service starts, without its secrets, and ends the process
 * with 1. Node itself would print the text as it is.
 */
export function exitOnEarlyFaults(scrub: Scrub): void {
  const printAndExit = (error: unknown) => {
    process.stderr.write(`cannot start: ${scrub(inspect(error))}\n`);
    endProcess(1);
  };
  process.on('uncaughtException', Object.assign(printAndExit, { [EARLY]: true }));
}

/** Removes the handler. The caller has installed its own. */
export function endEarlyFaults(): void {
  for (const listener of process.listeners('uncaughtException')) {
    if (EARLY in listener) process.off('uncaughtException', listener);
  }
}
