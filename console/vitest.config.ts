import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';

/** Shared by all workers: without it, each compiles the modules that it imports again. */
process.env.NODE_COMPILE_CACHE ??= join(tmpdir(), 'cruddur-test-compile-cache');

/** These use the X-Ray SDK, whose daemon and sampling rules belong to a whole process. */
const PROCESS_WIDE = 'test/xray/xray-*.test.ts';

/** Each worker starts a browser. */
const IN_BROWSER = 'test/page/*.test.ts';

type Options = TestProjectInlineConfiguration['test'];

const project = (options: Options): TestProjectInlineConfiguration => ({
  test: {
    pool: 'forks',
    testTimeout: 30_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 10_000, interval: 20 } },
    ...options,
  },
});

export default defineConfig({
  test: {
    name: 'console',
    // As in the configuration of the repository: vitest refuses to run files with different limits side by
    // side.
    maxWorkers: 4,
    projects: [
      project({
        name: 'shared',
        include: ['test/**/*.test.ts'],
        exclude: [PROCESS_WIDE, IN_BROWSER],
        // To import the SDKs again for each file would take longer than most files do.
        isolate: false,
      }),
      project({ name: 'process-wide', include: [PROCESS_WIDE] }),
      project({
        name: 'browser',
        include: [IN_BROWSER],
        globalSetup: ['test/helpers/chromium-check.ts'],
        isolate: false,
        maxWorkers: 2,
        // After all other files, which would slow the browsers down.
        sequence: { groupOrder: 1 },
      }),
    ],
  },
});
