const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

function exitAtOnce(): void {
  process.exit(0);
}

/**
 * Ends the process with 0 at the first SIGTERM or SIGINT, while nothing listens yet. This module has no
 * imports, so that the handlers are there before any library is loaded.
 */
export function exitOnEarlySignals(): void {
  for (const signal of SIGNALS) process.on(signal, exitAtOnce);
}

/** Removes the handlers. The caller has installed its own, so that no signal finds the default action. */
export function endEarlySignals(): void {
  for (const signal of SIGNALS) process.off(signal, exitAtOnce);
}
