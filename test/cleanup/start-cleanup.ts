import { createCleanup } from '../../src/cleanup/cleanup.ts';
import { readConfig } from '../../src/config/config.ts';
import type { Database } from '../../src/db/database.ts';
import type { LogFields } from '../../src/observability/logging/logger.ts';

interface Line {
  readonly message: string;
  readonly fields: LogFields;
}

export interface StartedCleanup {
  readonly lines: readonly Line[];
  stop(): Promise<void>;
}

/** Starts the deletion with an interval of 100 ms, as a replica of the service does. */
export function startCleanup(database: Database): StartedCleanup {
  const lines: Line[] = [];
  const write = (message: string, fields: LogFields = {}) => void lines.push({ message, fields });
  const logger = { debug: write, info: write, warn: write, error: write, drain: async () => {} };
  const config = readConfig({ DATABASE_URL: 'postgres://127.0.0.1/unused', CLEANUP_INTERVAL_MS: '100' });
  const cleanup = createCleanup({ config, database, logger });
  cleanup.start();
  return { lines, stop: cleanup.drain };
}
