import { trace } from '@opentelemetry/api';
import type { Request } from 'express';
import type { Config } from '../../config/config.ts';
import { type Scrub, scrubText } from '../../lib/scrub/scrub.ts';
import { truncate } from '../../lib/truncate.ts';
import { xrayTraceIdOf } from '../amzn-trace-id.ts';
import type { SinkCounters } from '../delivery/sink-counters.ts';
import { routeOf } from '../request/route.ts';
import { type Clock, SYSTEM_CLOCK } from './clock.ts';
import type { Report } from './payload.ts';
import { createReportQueue } from './report-queue.ts';
import { copyRequest } from './request-copy.ts';
import { errorChain, isError, toReportableError } from './to-reportable-error.ts';

/**
 * Reports faults to Rollbar, alike ones in one report if they are many. Its methods return at once and never
 * throw.
 */
export interface Reporter {
  /** Reports a fault once, with the request in which it happened, if any. */
  error(error: unknown, request?: Request): void;
  /** Reports a message at level warning. */
  warning(message: string, request?: Request): void;
  /** Sends what is left; what is not acknowledged within `budgetMs` is dropped and counted. */
  drain(budgetMs: number): Promise<void>;
}

export interface ReporterOptions {
  readonly config: Config['rollbar'];
  readonly service: Config['service'];
  readonly sink: SinkCounters;
  readonly scrub?: Scrub;
  readonly clock?: Clock;
}

const SILENT: Reporter = { error: () => {}, warning: () => {}, drain: async () => {} };

/** Creates the reporter. Without `config` it does nothing, and the library is not loaded. */
export async function createReporter(options: ReporterOptions): Promise<Reporter> {
  const { config, service, sink, scrub = scrubText, clock = SYSTEM_CLOCK } = options;
  if (config === undefined) return SILENT;
  const queue = await createReportQueue({ ...config, codeVersion: service.version, sink, scrub, clock });
  const reported = new WeakSet<Error>();

  /** An error that wraps a reported error, or is wrapped in one, is the same fault. */
  function isNewFault(thrown: unknown): boolean {
    const errors = errorChain(thrown).filter(isError);
    const isNew = !errors.some((error) => reported.has(error));
    for (const error of errors) reported.add(error);
    return isNew;
  }

  function capture(level: Report['level'], subject: unknown, request: Request | undefined): Report {
    return {
      level,
      subject: level === 'error' ? toReportableError(subject, scrub) : truncate(scrub(String(subject))),
      occurredAt: clock.date(),
      custom: { service: service.name, ...currentIds() },
      route: request && routeOf(request),
      request: request && copyRequest(request),
    };
  }

  return {
    error(thrown, request) {
      queue.add(() =>
        isNewFault(thrown)
          ? { level: 'error', subject: thrown, capture: () => capture('error', thrown, request) }
          : undefined,
      );
    },
    warning(message, request) {
      queue.add(() => ({
        level: 'warning',
        subject: message,
        capture: () => capture('warning', message, request),
      }));
    },
    drain: queue.drain,
  };
}

/** Returns the ids of the active trace, in the notation of each system. */
function currentIds(): Record<string, string> {
  const span = trace.getActiveSpan()?.spanContext();
  if (span === undefined) return {};
  return { trace_id: span.traceId, xray_trace_id: xrayTraceIdOf(span), span_id: span.spanId };
}
