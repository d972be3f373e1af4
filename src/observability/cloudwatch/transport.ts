import Transport from 'winston-transport';
import type { Config } from '../../config/config.ts';
import { createBatchQueue } from '../delivery/batch-queue.ts';
import type { SinkCounters } from '../delivery/sink-counters.ts';
import { createLogsClient } from './client.ts';
import { type LogEvent, sizeOfEvent, toEvents } from './events.ts';
import { createUpload } from './upload.ts';

const MAX_EVENTS = 100_000;
const MAX_BYTES = 32_000_000;
const DELAY_MS = 1_000;
const CALL_TIMEOUT_MS = 15_000;

/** The limits of PutLogEvents for one batch, less the margin that winston-cloudwatch keeps. */
const BATCH_EVENTS = 10_000;
const BATCH_BYTES = 1_000_000;
/** Before or after the first event: a batch may span 24 hours. */
const BATCH_SPAN_MS = 12 * 60 * 60 * 1000;

const MESSAGE = Symbol.for('message');

export interface CloudwatchTransport {
  /** Receives winston's records, each with its formatted line and its `time` in Unix milliseconds. */
  readonly transport: Transport;
  /** Sends a line that is none of winston's. Returns false, and counts nothing, when the queue is full. */
  add(line: string, time: number): boolean;
  /** Sends all that is left; what is not acknowledged within `budgetMs` is dropped and counted. */
  drain(budgetMs: number): Promise<void>;
}

export interface CloudwatchOptions {
  readonly config: NonNullable<Config['cloudwatch']>;
  readonly sink: SinkCounters;
  /** Maximum time that a line waits for its batch to fill; default 1 second. */
  readonly delayMs?: number;
  /** For each call to CloudWatch Logs; default 15 seconds. */
  readonly timeoutMs?: number;
}

/**
 * Creates a winston transport to CloudWatch Logs: a bounded queue that never blocks a caller, in front of
 * winston-cloudwatch, which uploads one batch at a time. It sends nothing before the first line.
 */
export function createCloudwatchTransport(options: CloudwatchOptions): CloudwatchTransport {
  const { config, sink, delayMs = DELAY_MS, timeoutMs = CALL_TIMEOUT_MS } = options;
  const client = createLogsClient({ config, timeoutMs });
  const queue = createBatchQueue<LogEvent>({
    sink,
    maxItems: MAX_EVENTS,
    maxBytes: MAX_BYTES,
    batchItems: BATCH_EVENTS,
    batchBytes: BATCH_BYTES,
    delayMs,
    concurrency: 1,
    sizeOf: sizeOfEvent,
    fitsWith: (first, event) => Math.abs(event.timestamp - first.timestamp) < BATCH_SPAN_MS,
    deliver: createUpload({ config, client, onRetentionFailure: sink.failed }),
  });

  function add(line: string, time: number): boolean {
    if (queue.isFull()) return false;
    for (const event of toEvents(line, time)) queue.add(event);
    return true;
  }

  return {
    add,
    transport: new Transport({
      log: (record, next) => {
        if (!add(record[MESSAGE], record.time)) queue.drop();
        next();
      },
    }),
    drain: async (budgetMs) => {
      await queue.drain(budgetMs);
      client.close();
    },
  };
}
