import { withoutTracing } from '../suppress-tracing.ts';
import type { Sinks } from './sink-counters.ts';

/** What is used of a logger: log lines are delivered through this folder, which must not import them. */
interface WarningLogger {
  warn(message: string, fields: Readonly<Record<string, unknown>>): void;
}

const CHECK_MS = 5_000;
const REPEAT_MS = 60_000;

/**
 * Logs a warning while a sink fails, at most once per minute and sink, and logs the losses of each sink when
 * the process exits. Does not keep the process alive.
 */
export function monitorSinks(sinks: Sinks, logger: WarningLogger): void {
  const reported = new Map<string, { at: number; errorAt: string | null; dropped: number }>();
  withoutTracing(() => setInterval(check, CHECK_MS).unref());
  // Runs before the logger's own exit listener, which writes the last lines.
  process.prependOnceListener('exit', reportLosses);

  function check(): void {
    for (const { name, report } of Object.values(sinks)) {
      const current = report();
      const before = reported.get(name);
      if (current.last_error_at === (before?.errorAt ?? null)) continue;
      if (before && Date.now() - before.at < REPEAT_MS) continue;
      const lost = current.dropped - (before?.dropped ?? 0);
      reported.set(name, { at: Date.now(), errorAt: current.last_error_at, dropped: current.dropped });
      logger.warn(`${name} is failing: ${current.last_error}`, {
        sink: name,
        newly_dropped: lost,
        ...current,
      });
    }
  }

  function reportLosses(): void {
    // Read all counts first: after its drain, CloudWatch counts each further line as dropped.
    const reports = Object.values(sinks).map(({ name, report }) => ({ sink: name, ...report() }));
    for (const report of reports) {
      const lost = report.dropped + report.queued;
      if (lost > 0)
        logger.warn(`${report.sink} lost ${lost} of ${report.accepted}: ${report.last_error}`, report);
    }
  }
}
