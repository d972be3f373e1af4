import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';

/** Workers come and go, and compiling what they import is a third of the time of a file. */
process.env.NODE_COMPILE_CACHE ??= join(tmpdir(), 'cruddur-test-compile-cache');

/** They set what a whole process has once: OpenTelemetry's provider, the X-Ray SDK's daemon and rules, or variables. */
const PROCESS_WIDE = [
  'test/db/query-tracing.test.ts',
  'test/http/spans.test.ts',
  'test/observability/traced{,-trees}.test.ts',
  'test/observability/xray/{daemon,sampling,segment}.test.ts',
];

/** How long `expect.poll` waits before it fails: what it waits for mostly comes at once. */
const POLL = { poll: { timeout: 10_000, interval: 20 } };

type Options = TestProjectInlineConfiguration['test'];

const project = (options: Options): TestProjectInlineConfiguration => ({
  test: { pool: 'forks', testTimeout: 30_000, hookTimeout: 60_000, expect: POLL, ...options },
});

export default defineConfig({
  test: {
    globalSetup: ['test/helpers/database/database-servers.ts'],
    // More than most machines have cores: many tests wait for a process, a time limit or a retry.
    maxWorkers: 4,
    projects: [
      // A worker runs many files: to import the service and the SDKs anew costs more than most files do.
      project({ name: 'shared', include: ['test/**/*.test.ts'], exclude: PROCESS_WIDE, isolate: false }),
      project({ name: 'process-wide', include: PROCESS_WIDE }),
      // Each workspace's own, none where there is no workspace.
      '*/vitest.config.ts',
    ],
  },
});
