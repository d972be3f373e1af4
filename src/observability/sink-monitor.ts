import type { Sinks } from './delivery/sink-counters.ts';
import type { Logger } from './logging/logger.ts';
import { withoutTracing } from './suppress-tracing.ts';

const CHECK_MS = 5_000;
const REMIND_MS = 60_000;

/**
 * Logs a warning while a sink fails, at most once per minute and sink, and logs the losses of each sink when
 * the process exits. Does not keep the process alive.
 */
export function monitorSinks(sinks: Sinks, logger: Logger): void {
  const said = new Map<string, { at: number; errorAt: string | null; dropped: number }>();
  withoutTracing(() => setInterval(check, CHECK_MS).unref());
  // Runs before the logger's own exit listener, which writes the last lines.
  process.prependOnceListener('exit', sayLosses);

  function check(): void {
    for (const { name, report } of Object.values(sinks)) {
      const now = report();
      const before = said.get(name);
      if (now.last_error_at === (before?.errorAt ?? null)) continue;
      if (before && Date.now() - before.at < REMIND_MS) continue;
      const lost = now.dropped - (before?.dropped ?? 0);
      said.set(name, { at: Date.now(), errorAt: now.last_error_at, dropped: now.dropped });
      logger.warn(`${name} does not take everything: ${now.last_error}`, {
        sink: name,
        newly_dropped: lost,
        ...now,
      });
    }
  }

  function sayLosses(): void {
    // Read all counts first: after its drain, CloudWatch counts each further line as dropped.
    const reports = Object.values(sinks).map(({ name, report }) => ({ sink: name, ...report() }));
    for (const report of reports) {
      const lost = report.dropped + report.queued;
      if (lost > 0)
        logger.warn(`${report.sink} lost ${lost} of ${report.accepted}: ${report.last_error}`, report);
    }
  }
}
