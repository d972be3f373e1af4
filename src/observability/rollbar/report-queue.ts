import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Config } from '../../config/config.ts';
import type { Scrub } from '../../lib/scrub/scrub.ts';
import { settleWithin } from '../../lib/with-timeout.ts';
import { createBatchQueue } from '../delivery/batch-queue.ts';
import type { SinkCounters } from '../delivery/sink-counters.ts';
import { withoutTracing } from '../suppress-tracing.ts';
import type { Clock } from './clock.ts';
import { createRollbarDelivery } from './delivery.ts';
import type { FoldedReport } from './folding.ts';
import { countOccurrences } from './occurrences.ts';
import { createPace } from './pace.ts';
import { createPayloadBuilder, type Report } from './payload.ts';

const MAX_REPORTS = 1_000;
const MAX_BYTES = 16_000_000;
const CONCURRENCY = 4;

export interface ReportQueueOptions extends NonNullable<Config['rollbar']> {
  readonly codeVersion: string;
  readonly sink: SinkCounters;
  readonly scrub: Scrub;
  readonly clock: Clock;
}

/** Something to report. */
interface Occurrence {
  readonly level: Report['level'];
  /** The thrown value; at level `warning` the message. */
  readonly subject: unknown;
  /** Called only if the occurrence gets a report of its own. */
  capture(): Report;
}

/** A bounded queue of reports. It never blocks, never throws, and counts every occurrence. */
export interface ReportQueue {
  /** Adds the occurrence that `read` returns, if any. */
  add(read: () => Occurrence | undefined): void;
  drain(budgetMs: number): Promise<void>;
}

interface Built {
  readonly payload: Buffer;
  readonly folded: FoldedReport;
}

/**
 * Creates the queue. `createPace` decides when reports are sent, and which of them as one. The queue builds
 * one report per turn of the event loop, so that a burst of faults delays no request, and passes the payload
 * to a batch queue, which sends it.
 */
export async function createReportQueue(options: ReportQueueOptions): Promise<ReportQueue> {
  const { sink } = options;
  const build = await createPayloadBuilder(options);
  const deliver = createRollbarDelivery({ ...options, maxConnections: CONCURRENCY });
  const counters = countOccurrences(sink);
  const unbuilt: FoldedReport[] = [];
  let building: Promise<void> | undefined;
  let drained = false;

  const pace = createPace({
    ...options,
    send(folded) {
      unbuilt.push(folded);
      building ??= withoutTracing(buildAll);
    },
  });
  const payloads = createBatchQueue<Built>({
    sink: counters.sink,
    maxItems: MAX_REPORTS,
    maxBytes: MAX_BYTES,
    batchItems: 1,
    batchBytes: MAX_BYTES,
    delayMs: 0,
    concurrency: CONCURRENCY,
    sizeOf: ({ payload }) => payload.length,
    release({ folded }) {
      counters.release(folded);
      pace.left(folded);
    },
    deliver: (batch) => deliver(batch.map(({ payload }) => payload)),
  });

  async function buildAll(): Promise<void> {
    while (unbuilt.length > 0) {
      await nextTurn();
      const folded = unbuilt.shift();
      if (folded !== undefined) await buildOne(folded);
    }
    building = undefined;
  }

  async function buildOne(folded: FoldedReport): Promise<void> {
    try {
      const payload = await build(toReport(folded));
      counters.enter(folded);
      payloads.add({ payload, folded });
    } catch (reason) {
      drop(folded, reason);
    }
  }

  function drop(folded: FoldedReport, reason: unknown): void {
    sink.dropped(folded.occurrences, reason);
    pace.left(folded);
  }

  return {
    add(read) {
      try {
        const occurrence = read();
        if (occurrence === undefined) return;
        if (drained) throw new Error('already drained');
        pace.add(occurrence.level, occurrence.subject, occurrence.capture);
        sink.accepted(1);
      } catch (reason) {
        sink.accepted(1);
        sink.dropped(1, reason);
      }
    },

    async drain(budgetMs) {
      const end = performance.now() + budgetMs;
      drained = true;
      pace.flush();
      if (building !== undefined && !(await settleWithin(budgetMs, building))) {
        for (const folded of unbuilt.splice(0)) drop(folded, `not built within ${budgetMs} ms of the drain`);
      }
      await payloads.drain(Math.max(0, end - performance.now()));
    },
  };
}

/** A report that stands for several occurrences tells how many, and when the first and the last were. */
function toReport({ report, occurrences, lastAt }: FoldedReport): Report {
  if (occurrences === 1) return report;
  const first_occurred_at = new Date(report.occurredAt).toISOString();
  const last_occurred_at = new Date(lastAt).toISOString();
  return { ...report, custom: { ...report.custom, occurrences, first_occurred_at, last_occurred_at } };
}
