import { setTimeout as sleep } from 'node:timers/promises';
import { createLogger } from '../../../src/observability/logging/logger.ts';

const logger = createLogger({ level: 'info', service: 's', stdout: process.stdout });

/** A process that logs to its stdout. Its argument names one of these. */
const SCENARIOS: Record<string, () => void | Promise<void>> = {
  exit() {
    for (let i = 0; i < 100; i += 1) logger.info('m');
    process.exit(3);
  },

  crash() {
    logger.info('a');
    logger.info('b');
    throw new Error('crash');
  },

  async drain() {
    for (let i = 0; i < 3000; i += 1) logger.info('x'.repeat(1000));
    await logger.drain(10_000);
    process.exit();
  },

  async closedPipe() {
    for (let i = 0; i < 20; i += 1) {
      logger.info(`m${i}`);
      await sleep(10);
    }
    await logger.drain(1000);
    process.exitCode = 7;
  },

  async fullDisk() {
    logger.info('a');
    await sleep(50);
    logger.info('b');
    await logger.drain(1000);
    process.exitCode = 7;
  },
};

await SCENARIOS[process.argv[2] ?? '']?.();
