import { randomUUID } from 'node:crypto';
import { Writable } from 'node:stream';
import {
  type CloudwatchOptions,
  createCloudwatchTransport,
} from '../../../src/observability/cloudwatch/transport.ts';
import { createSinkCounters } from '../../../src/observability/delivery/sink-counters.ts';
import { createLogger } from '../../../src/observability/logging/logger.ts';

const LEVEL = Symbol.for('level');
const MESSAGE = Symbol.for('message');

export interface CloudwatchLoggerOptions extends Partial<CloudwatchOptions['config']> {
  readonly endpoint: string;
  readonly timeoutMs?: number;
}

/** Long enough for the lines of a loop to make one batch. */
const DELAY_MS = 50;

/** Opens a logger that sends to a new stream of the CloudWatch Logs at `endpoint`. */
export function openCloudwatchLogger({ timeoutMs, ...config }: CloudwatchLoggerOptions) {
  const sink = createSinkCounters('cloudwatch', new URL(config.endpoint).host);
  const cloudwatch = createCloudwatchTransport({
    config: {
      group: 'cruddur',
      stream: `backend-express/${randomUUID()}`,
      retentionDays: undefined,
      region: 'ca-central-1',
      credentials: undefined,
      ...config,
    },
    sink,
    delayMs: DELAY_MS,
    ...(timeoutMs !== undefined && { timeoutMs }),
  });
  const stdout = new Writable({ write: (_chunk, _encoding, callback) => callback() });
  const logger = createLogger({ level: 'info', service: 'backend-express', stdout, cloudwatch });
  return {
    logger,
    sink,
    counts: () => {
      const { accepted, sent, dropped, queued, last_error } = sink.report();
      return { accepted, sent, dropped, queued, last_error };
    },
    /** Logs a line with another time. */
    logAt: (time: number, message: string) => {
      cloudwatch.transport.write({ time, [LEVEL]: 'info', [MESSAGE]: message });
    },
  };
}

/** Sets credentials for the SDK in the environment of the test file. */
export function setCredentials(): void {
  process.env.AWS_ACCESS_KEY_ID = 'AKIAIOSFODNN7EXAMPLE';
  process.env.AWS_SECRET_ACCESS_KEY = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';
}
