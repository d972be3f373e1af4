import type { Server } from 'node:http';
import { constants } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { toError } from '../lib/to-error.ts';
import type { Logger } from '../observability/logging/logger.ts';
import type { Reporter } from '../observability/rollbar/reporter.ts';
import { withoutTracing } from '../observability/suppress-tracing.ts';
import { trackInFlight } from './close-server.ts';
import { type Drainable, drainInStages } from './drain-in-stages.ts';
import { endEarlyFaults } from './early-faults.ts';
import { endEarlySignals } from './early-signals.ts';
import { endProcess, waitsForName } from './end-process.ts';
import { CannotListen } from './listen.ts';

/** One Ctrl-C can arrive twice: the terminal signals every process, and npm or the launcher forwards it. */
const SAME_KEYSTROKE_MS = 500;
const EXIT_MARGIN_MS = 200;

export interface ShutdownOptions {
  readonly server: Server;
  /** Aborted when the shutdown starts: readiness fails from then on. */
  readonly stopping: AbortController;
  /** Time limit from the first signal to the end of the process. */
  readonly deadlineMs: number;
  /** Time from SIGTERM until the server closes, so that a load balancer stops sending requests first. */
  readonly delayMs: number;
  readonly logger: Logger;
  readonly reporter: Pick<Reporter, 'error'>;
  /** Drained after the last response, see `drainInStages`. */
  readonly stages: readonly (readonly Drainable[])[];
}

/**
 * Installs the handlers for SIGTERM, SIGINT, uncaught exceptions and unhandled rejections. Each of them
 * starts the shutdown: `stopping` aborts, the server closes (at most half of the remaining time), the stages
 * drain, and the process exits by itself. It is forced to at the deadline, or when all has drained and a
 * look-up of a name still hangs. Only after SIGTERM the server first serves for `delayMs`: nobody waits for a
 * load balancer at a terminal. The exit code is 0 after a signal, even if a drain fails, and 1 after an
 * uncaught error. Uncaught errors are logged and reported; `CannotListen` is only logged. A second signal
 * exits at once with 128 plus the number of the signal.
 */
export function handleShutdown(options: ShutdownOptions): void {
  const { server, stopping, logger, reporter } = options;
  const closeServer = trackInFlight(server);
  let first: { signal: string; at: number } | undefined;

  function beginShutdown(delayMs: number): void {
    if (stopping.signal.aborted) return;
    stopping.abort();
    void withoutTracing(() => stop({ ...options, delayMs }, closeServer));
  }

  function onSignal(signal: 'SIGTERM' | 'SIGINT'): void {
    if (first === undefined) {
      first = { signal, at: performance.now() };
      logger.info(`${signal}: finishing the requests in flight, then exiting`);
      beginShutdown(signal === 'SIGTERM' && server.listening ? options.delayMs : 0);
    } else if (first.signal !== 'SIGINT' || performance.now() - first.at > SAME_KEYSTROKE_MS) {
      endProcess(128 + constants.signals[signal]);
    }
  }

  function onFault(kind: string, thrown: unknown): void {
    process.exitCode = 1;
    // An object may throw while it is read, and what is thrown here ends the process at once.
    const error = typeof thrown === 'object' && thrown !== null ? toError(thrown) : thrown;
    if (error instanceof CannotListen) logger.error(`cannot start: ${error.message}`);
    else recordFault(kind, error);
    beginShutdown(0);
  }

  function recordFault(kind: string, error: unknown): void {
    logger.error(`${kind}: ${error instanceof Error ? error.message : typeof error}`, { error });
    reporter.error(error);
  }

  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
  endEarlySignals();
  process.on('uncaughtException', (error) => onFault('uncaught exception', error));
  endEarlyFaults();
  process.on('unhandledRejection', (reason) => onFault('unhandled rejection', reason));
}

async function stop(
  { deadlineMs, delayMs, logger, stages }: ShutdownOptions,
  closeServer: (budgetMs: number) => Promise<number>,
): Promise<void> {
  const end = performance.now() + deadlineMs;
  const forced = setTimeout(endProcess, deadlineMs + EXIT_MARGIN_MS);
  if (delayMs > 0) await sleep(delayMs);
  const cutOff = await closeServer((end - performance.now()) / 2);
  if (cutOff > 0) logger.warn(`${cutOff} request(s) cut off`, { requests: cutOff });
  await drainInStages(stages, end - performance.now(), (name, error) => {
    logger.warn(`${name} did not drain`, { error });
  });
  forced.unref();
  if (waitsForName()) setTimeout(endProcess, EXIT_MARGIN_MS).unref();
}
