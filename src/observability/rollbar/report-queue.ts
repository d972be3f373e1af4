import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Config } from '../../config/config.ts';
import type { Scrub } from '../../lib/scrub/scrub.ts';
import { settleWithin } from '../../lib/with-timeout.ts';
import { createBatchQueue } from '../delivery/batch-queue.ts';
import type { SinkCounters } from '../delivery/sink-counters.ts';
import { withoutTracing } from '../suppress-tracing.ts';
import { createRollbarDelivery } from './delivery.ts';
import { createPayloadBuilder, type Report } from './payload.ts';

const MAX_REPORTS = 1_000;
const MAX_BYTES = 16_000_000;
const CONCURRENCY = 4;

export interface ReportQueueOptions extends NonNullable<Config['rollbar']> {
  readonly codeVersion: string;
  readonly sink: SinkCounters;
  readonly scrub: Scrub;
}

/** A bounded queue of reports. It never blocks, never throws, and counts every report that it drops. */
export interface ReportQueue {
  /** Adds the report that `capture` returns, if any. Does not call it when the queue is full. */
  add(capture: () => Report | undefined): void;
  drain(budgetMs: number): Promise<void>;
}

/**
 * Creates the queue. It builds one report per turn of the event loop, so that a burst of faults delays no
 * request, and passes the payload to a batch queue, which sends it.
 */
export async function createReportQueue(options: ReportQueueOptions): Promise<ReportQueue> {
  const { sink } = options;
  const build = await createPayloadBuilder(options);
  const payloads = createBatchQueue<Buffer>({
    sink,
    maxItems: MAX_REPORTS,
    maxBytes: MAX_BYTES,
    batchItems: 1,
    batchBytes: MAX_BYTES,
    delayMs: 0,
    concurrency: CONCURRENCY,
    sizeOf: (payload) => payload.length,
    deliver: createRollbarDelivery({ ...options, maxConnections: CONCURRENCY }),
  });
  const unbuilt: Report[] = [];
  let building: Promise<void> | undefined;

  function drop(reason: unknown): void {
    sink.accepted(1);
    sink.dropped(1, reason);
  }

  async function buildAll(): Promise<void> {
    while (unbuilt.length > 0) {
      await nextTurn();
      const report = unbuilt.shift();
      if (report !== undefined) await buildOne(report);
    }
    building = undefined;
  }

  async function buildOne(report: Report): Promise<void> {
    try {
      if (payloads.isFull()) drop('queue full');
      else payloads.add(await build(report));
    } catch (reason) {
      drop(reason);
    }
  }

  return {
    add(capture) {
      if (unbuilt.length >= MAX_REPORTS || payloads.isFull()) return drop('queue full');
      try {
        const report = capture();
        if (report === undefined) return;
        unbuilt.push(report);
        building ??= withoutTracing(buildAll);
      } catch (reason) {
        drop(reason);
      }
    },

    async drain(budgetMs) {
      const end = performance.now() + budgetMs;
      if (building !== undefined && !(await settleWithin(budgetMs, building))) {
        for (const _report of unbuilt.splice(0)) drop(`not built within ${budgetMs} ms of the drain`);
      }
      await payloads.drain(Math.max(0, end - performance.now()));
    },
  };
}
