import { channel } from 'node:diagnostics_channel';
import type { Logger } from '../observability/logging/logger.ts';

/** Published once per process, when the service is usable as far as it can be. */
export const STARTED_CHANNEL = 'cruddur:started';

/** Tells people (the log) and programs of the same process (the channel) that the start is over. */
export function reportStarted(logger: Logger): void {
  logger.info('started');
  channel(STARTED_CHANNEL).publish(undefined);
}
