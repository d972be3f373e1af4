import { defineConfig } from 'vitest/config';
import { orMissing } from './test/peers/install/peer.ts';
import { installPostgres } from './test/peers/install/postgres.ts';
import { PeerReport } from './test/peers/peer-report.ts';

const postgres = await orMissing(installPostgres);
// Read by the helper that starts the database server of a test run.
if (!postgres.missing) process.env.TEST_POSTGRES_BIN = postgres.path;

const common = { pool: 'forks', testTimeout: 120_000, hookTimeout: 300_000 } as const;

const onDebiansPostgres = {
  test: {
    ...common,
    name: `Debian's PostgreSQL ${postgres.version}`,
    include: ['test/{db,activities,messages,notifications}/*.test.ts'],
  },
};

export default defineConfig({
  test: {
    globalSetup: ['test/helpers/database-servers.ts', 'test/peers/install/install.ts'],
    reporters: ['default', new PeerReport()],
    fileParallelism: false,
    projects: [
      { test: { ...common, name: 'peers', include: ['test/peers/*.peer.ts'] } },
      ...(postgres.missing ? [] : [onDebiansPostgres]),
    ],
  },
});
