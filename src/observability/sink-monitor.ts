import type { Sinks } from './delivery/sink-counters.ts';
import type { Logger } from './logging/logger.ts';
import { withoutTracing } from './suppress-tracing.ts';

const CHECK_MS = 5_000;
const REMIND_MS = 60_000;

/**
 * Says in the log, at most once a minute a sink, that something is wrong with it, and at the end of the process what
 * each one lost. Never holds the process.
 */
export function monitorSinks(sinks: Sinks, logger: Logger): void {
  const said = new Map<string, { at: number; errorAt: string | null; dropped: number }>();
  withoutTracing(() => setInterval(check, CHECK_MS).unref());
  // Before the logger's own listener, which writes what is left.
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
    // All read first: CloudWatch counts each line that comes after its drain as one more loss.
    const reports = Object.values(sinks).map(({ name, report }) => ({ sink: name, ...report() }));
    for (const report of reports) {
      const lost = report.dropped + report.queued;
      if (lost > 0)
        logger.warn(`${report.sink} lost ${lost} of ${report.accepted}: ${report.last_error}`, report);
    }
  }
}
