import type { Server } from 'node:http';
import { constants } from 'node:os';
import type { Logger } from '../observability/logging/logger.ts';
import type { Reporter } from '../observability/rollbar/reporter.ts';
import { withoutTracing } from '../observability/suppress-tracing.ts';
import { trackInFlight } from './close-server.ts';
import { type Drainable, drainInStages } from './drain-in-stages.ts';
import { CannotListen } from './listen.ts';

/** One Ctrl-C reaches every process of a terminal, and npm and launchers pass on what reached them. */
const SAME_KEYSTROKE_MS = 500;
const EXIT_MARGIN_MS = 200;

export interface ShutdownOptions {
  readonly server: Server;
  /** For all that happens between the first signal and the end of the process. */
  readonly deadlineMs: number;
  readonly logger: Logger;
  readonly reporter: Pick<Reporter, 'error'>;
  /** What is drained when the last request is answered: stage by stage, the members of one at the same time. */
  readonly stages: readonly (readonly Drainable[])[];
}

/**
 * Keeps the process in order until it ends, which it does by itself once all is drained. SIGTERM and SIGINT end it with
 * code 0 whatever the drains achieve, a fault that nobody caught with code 1 after it was logged and reported; a port
 * that is taken is no fault, and is only logged. Requests in flight get half of the deadline. A second signal ends it at once, as that signal would have. Returns what says that
 * the end has begun, which may be while the service still starts.
 */
export function handleShutdown(options: ShutdownOptions): AbortSignal {
  const { server, logger, reporter } = options;
  const stopServing = trackInFlight(server);
  let first: { signal: string; at: number } | undefined;
  const stopping = new AbortController();

  function beginToStop(): void {
    if (stopping.signal.aborted) return;
    stopping.abort();
    void withoutTracing(() => stop(options, stopServing));
  }

  function onSignal(signal: 'SIGTERM' | 'SIGINT'): void {
    if (first === undefined) {
      first = { signal, at: performance.now() };
      logger.info(`${signal}: finishing the requests in flight, then leaving`);
      beginToStop();
    } else if (first.signal !== 'SIGINT' || performance.now() - first.at > SAME_KEYSTROKE_MS) {
      process.exit(128 + constants.signals[signal]);
    }
  }

  function onFault(kind: string, error: unknown): void {
    process.exitCode = 1;
    if (error instanceof CannotListen) logger.error(`cannot start: ${error.message}`);
    else tell(kind, error);
    beginToStop();
  }

  function tell(kind: string, error: unknown): void {
    logger.error(`${kind}: ${error instanceof Error ? error.message : typeof error}`, { error });
    reporter.error(error);
  }

  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
  process.on('uncaughtException', (error) => onFault('uncaught exception', error));
  process.on('unhandledRejection', (reason) => onFault('unhandled rejection', reason));
  return stopping.signal;
}

async function stop(
  { deadlineMs, logger, stages }: ShutdownOptions,
  stopServing: (budgetMs: number) => Promise<number>,
): Promise<void> {
  const end = performance.now() + deadlineMs;
  const forced = setTimeout(() => process.exit(), deadlineMs + EXIT_MARGIN_MS);
  const cutOff = await stopServing(deadlineMs / 2);
  if (cutOff > 0) logger.warn(`${cutOff} request(s) cut off`, { requests: cutOff });
  await drainInStages(stages, end - performance.now(), (name, error) => {
    logger.warn(`${name} did not drain`, { error });
  });
  forced.unref();
}
