import { endProcess } from './end-process.ts';

const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

function exitAtOnce(): void {
  endProcess(0);
}

/**
 * Ends the process with 0 at the first SIGTERM or SIGINT, while nothing listens yet. This module imports no
 * library, so that the handlers are there before any is loaded.
 */
export function exitOnEarlySignals(): void {
  for (const signal of SIGNALS) process.on(signal, exitAtOnce);
}

/** Removes the handlers. The caller has installed its own, so that no signal finds the default action. */
export function endEarlySignals(): void {
  for (const signal of SIGNALS) process.off(signal, exitAtOnce);
}
