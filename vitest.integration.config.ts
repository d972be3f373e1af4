import { defineConfig } from 'vitest/config';
import { installPostgres } from './test/integration/install/postgres.ts';
import { orMissing } from './test/integration/install/real-service.ts';
import { IntegrationReport } from './test/integration/support/integration-report.ts';

const postgres = await orMissing(installPostgres);
// test/helpers/database/postgres-server.ts reads it.
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
    globalSetup: ['test/helpers/database/database-servers.ts', 'test/integration/install/install.ts'],
    reporters: ['default', new IntegrationReport()],
    fileParallelism: false,
    projects: [
      { test: { ...common, name: 'integration', include: ['test/integration/**/*.integration.ts'] } },
      ...(postgres.missing ? [] : [onDebiansPostgres]),
    ],
  },
});
