import { setTimeout as sleep } from 'node:timers/promises';
import { createCloudwatchTransport } from '../../../src/observability/cloudwatch/transport.ts';
import { createSinkCounters } from '../../../src/observability/delivery/sink-counters.ts';
import { createLogger } from '../../../src/observability/logging/logger.ts';

const [, , endpoint, scenario = ''] = process.argv;
const sink = createSinkCounters('cloudwatch', 'localhost');
const cloudwatch = createCloudwatchTransport({
  config: {
    group: 'cruddur',
    stream: `process/${process.pid}`,
    retentionDays: 7,
    region: 'us-east-1',
    endpoint,
    credentials: undefined,
  },
  sink,
});
const logger = createLogger({ level: 'info', service: 's', stdout: process.stdout, cloudwatch });

/** A process that logs to CloudWatch Logs at its first argument. The second names one of these. */
const SCENARIOS: Record<string, () => Promise<void>> = {
  async deliverAll() {
    logger.info('in flight');
    while (sink.report().sent === 0 && process.uptime() < 3) await sleep(5);
    logger.info('left');
    await logger.drain(8000);
  },

  async drainOnce() {
    logger.info('m');
    await logger.drain(200);
  },

  async awaitError() {
    logger.info('m');
    while (sink.report().last_error === null) await sleep(5);
  },
};

await SCENARIOS[scenario]?.();
process.stderr.write(JSON.stringify(sink.report()), () => {
  if (scenario === 'awaitError') process.exit(0);
});
