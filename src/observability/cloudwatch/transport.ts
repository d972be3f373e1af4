import Transport from 'winston-transport';
import type { Config } from '../../config/config.ts';
import { createBufferedQueue } from '../delivery/batch-queue.ts';
import type { SinkCounters } from '../delivery/sink-counters.ts';
import { createLogsClient } from './client.ts';
import { createEventBuffer } from './event-buffer.ts';
import { toEvents } from './events.ts';
import { createUpload } from './upload.ts';

const DELAY_MS = 1_000;
const CALL_TIMEOUT_MS = 15_000;

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
  const queue = createBufferedQueue({
    sink,
    delayMs,
    concurrency: 1,
    buffer: createEventBuffer(config.group, config.stream),
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
