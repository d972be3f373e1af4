import { defineConfig } from 'vitest/config';
import { findPostgres } from './test/peers/install/postgres.ts';
import { PeerReport } from './test/peers/peer-report.ts';

// Read by the helper that starts the database server of a test run.
const { path, version } = await findPostgres();
process.env.TEST_POSTGRES_BIN = path;

const common = { pool: 'forks', testTimeout: 120_000, hookTimeout: 300_000 } as const;

export default defineConfig({
  test: {
    globalSetup: ['test/helpers/database-servers.ts', 'test/peers/install/install.ts'],
    reporters: ['default', new PeerReport()],
    fileParallelism: false,
    projects: [
      { test: { ...common, name: 'peers', include: ['test/peers/*.peer.ts'] } },
      {
        test: {
          ...common,
          name: `Debian's PostgreSQL ${version}`,
          include: ['test/{db,activities,messages,notifications}/*.test.ts'],
        },
      },
    ],
  },
});
