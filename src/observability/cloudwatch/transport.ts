import Transport from 'winston-transport';
import type { Config } from '../../config/config.ts';
import { createBatchQueue } from '../delivery/batch-queue.ts';
import type { SinkCounters } from '../delivery/sink-counters.ts';
import { createLogsClient } from './client.ts';
import { type LogEvent, sizeOfEvent, toEvents } from './events.ts';
import { createUpload } from './upload.ts';

const MOST_EVENTS = 100_000;
const MOST_BYTES = 32_000_000;
const DELAY_MS = 1_000;
const CALL_TIMEOUT_MS = 15_000;

/** What PutLogEvents takes at most in one batch, with what winston-cloudwatch leaves to spare. */
const BATCH_EVENTS = 10_000;
const BATCH_BYTES = 1_000_000;
/** From the first event, to either side: a batch may span 24 hours. */
const BATCH_SPAN_MS = 12 * 60 * 60 * 1000;

const MESSAGE = Symbol.for('message');

export interface CloudwatchTransport {
  /** Takes the records of a winston logger, each with its line and, as `time`, its milliseconds since the epoch. */
  readonly transport: Transport;
  /** Sends all that is left; what is not acknowledged within `budgetMs` is dropped and counted. */
  drain(budgetMs: number): Promise<void>;
}

export interface CloudwatchOptions {
  readonly config: NonNullable<Config['cloudwatch']>;
  readonly sink: SinkCounters;
  /** The longest that a line waits for company; a second by default. */
  readonly delayMs?: number;
  /** For each call to CloudWatch Logs; 15 seconds by default. */
  readonly timeoutMs?: number;
}

/**
 * Creates winston's transport to CloudWatch Logs: a bounded queue that never holds up a caller, and winston-cloudwatch
 * behind it to upload one batch at a time. Nothing is sent before the first line.
 */
export function createCloudwatchTransport(options: CloudwatchOptions): CloudwatchTransport {
  const { config, sink, delayMs = DELAY_MS, timeoutMs = CALL_TIMEOUT_MS } = options;
  const client = createLogsClient({ config, timeoutMs });
  const queue = createBatchQueue<LogEvent>({
    sink,
    maxItems: MOST_EVENTS,
    maxBytes: MOST_BYTES,
    batchItems: BATCH_EVENTS,
    batchBytes: BATCH_BYTES,
    delayMs,
    concurrency: 1,
    sizeOf: sizeOfEvent,
    fitsWith: (first, event) => Math.abs(event.timestamp - first.timestamp) < BATCH_SPAN_MS,
    deliver: createUpload({ config, client, onRetentionFailure: sink.failed }),
  });

  return {
    transport: new Transport({
      log: (record, next) => {
        for (const event of toEvents(record[MESSAGE], record.time)) queue.add(event);
        next();
      },
    }),
    drain: async (budgetMs) => {
      await queue.drain(budgetMs);
      client.close();
    },
  };
}
