import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';

/** Shared by all workers: without it, each compiles the modules that it imports again. */
process.env.NODE_COMPILE_CACHE ??= join(tmpdir(), 'cruddur-test-compile-cache');

/** These set process-wide state that they cannot reset: OpenTelemetry's provider. */
const PROCESS_WIDE = [
  'test/db/query-tracing.test.ts',
  'test/http/spans.test.ts',
  'test/observability/request/{ended-requests,one-story}.test.ts',
  'test/observability/traced{,-trees}.test.ts',
  'test/observability/tracing/trace-requests.test.ts',
];

/** `expect.poll` ends as soon as its assertion passes; the timeout only matters when it fails. */
const POLL = { poll: { timeout: 10_000, interval: 20 } };

type Options = TestProjectInlineConfiguration['test'];

const project = (options: Options): TestProjectInlineConfiguration => ({
  test: { pool: 'forks', testTimeout: 30_000, hookTimeout: 60_000, expect: POLL, ...options },
});

export default defineConfig({
  test: {
    globalSetup: ['test/helpers/database/database-servers.ts'],
    // More than two cores need, because many tests wait for a process, a timeout or a retry.
    maxWorkers: 4,
    projects: [
      // To import the service and the SDKs again for each file would take longer than most files do.
      project({ name: 'shared', include: ['test/**/*.test.ts'], exclude: PROCESS_WIDE, isolate: false }),
      project({ name: 'process-wide', include: PROCESS_WIDE }),
      // The configuration of each workspace, if there is any.
      '*/vitest.config.ts',
    ],
  },
});
