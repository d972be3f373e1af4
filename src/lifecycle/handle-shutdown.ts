import type { Server } from 'node:http';
import { constants } from 'node:os';
import type { Logger } from '../observability/logging/logger.ts';
import type { Reporter } from '../observability/rollbar/reporter.ts';
import { withoutTracing } from '../observability/suppress-tracing.ts';
import { trackInFlight } from './close-server.ts';
import { type Drainable, drainInStages } from './drain-in-stages.ts';
import { endEarlySignals } from './early-signals.ts';
import { CannotListen } from './listen.ts';

/** One Ctrl-C can arrive twice: the terminal signals every process, and npm or the launcher forwards it. */
const SAME_KEYSTROKE_MS = 500;
const EXIT_MARGIN_MS = 200;

export interface ShutdownOptions {
  readonly server: Server;
  /** Time limit from the first signal to the end of the process. */
  readonly deadlineMs: number;
  readonly logger: Logger;
  readonly reporter: Pick<Reporter, 'error'>;
  /** Drained after the last response, see `drainInStages`. */
  readonly stages: readonly (readonly Drainable[])[];
}

/**
 * Installs the handlers for SIGTERM, SIGINT, uncaught exceptions and unhandled rejections. Each of them
 * starts the shutdown: the server closes (at most half of the deadline), the stages drain, and the process
 * exits by itself, or is forced to at the deadline. The exit code is 0 after a signal, even if a drain fails,
 * and 1 after an uncaught error. Uncaught errors are logged and reported; `CannotListen` is only logged. A
 * second signal exits at once with 128 plus the number of the signal. Returns an AbortSignal that aborts when
 * the shutdown starts, possibly during start-up.
 */
export function handleShutdown(options: ShutdownOptions): AbortSignal {
  const { server, logger, reporter } = options;
  const closeServer = trackInFlight(server);
  let first: { signal: string; at: number } | undefined;
  const stopping = new AbortController();

  function beginShutdown(): void {
    if (stopping.signal.aborted) return;
    stopping.abort();
    void withoutTracing(() => stop(options, closeServer));
  }

  function onSignal(signal: 'SIGTERM' | 'SIGINT'): void {
    if (first === undefined) {
      first = { signal, at: performance.now() };
      logger.info(`${signal}: finishing the requests in flight, then exiting`);
      beginShutdown();
    } else if (first.signal !== 'SIGINT' || performance.now() - first.at > SAME_KEYSTROKE_MS) {
      process.exit(128 + constants.signals[signal]);
    }
  }

  function onFault(kind: string, error: unknown): void {
    process.exitCode = 1;
    if (error instanceof CannotListen) logger.error(`cannot start: ${error.message}`);
    else recordFault(kind, error);
    beginShutdown();
  }

  function recordFault(kind: string, error: unknown): void {
    logger.error(`${kind}: ${error instanceof Error ? error.message : typeof error}`, { error });
    reporter.error(error);
  }

  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
  endEarlySignals();
  process.on('uncaughtException', (error) => onFault('uncaught exception', error));
  process.on('unhandledRejection', (reason) => onFault('unhandled rejection', reason));
  return stopping.signal;
}

async function stop(
  { deadlineMs, logger, stages }: ShutdownOptions,
  closeServer: (budgetMs: number) => Promise<number>,
): Promise<void> {
  const end = performance.now() + deadlineMs;
  const forced = setTimeout(() => process.exit(), deadlineMs + EXIT_MARGIN_MS);
  const cutOff = await closeServer(deadlineMs / 2);
  if (cutOff > 0) logger.warn(`${cutOff} request(s) cut off`, { requests: cutOff });
  await drainInStages(stages, end - performance.now(), (name, error) => {
    logger.warn(`${name} did not drain`, { error });
  });
  forced.unref();
}
