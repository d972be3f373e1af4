import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

/** A file is a process of its own, and compiling what it imports is a third of its time. */
process.env.NODE_COMPILE_CACHE ??= join(tmpdir(), 'cruddur-test-compile-cache');

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/helpers/database-servers.ts'],
    pool: 'forks',
    // More than most machines have cores: many tests wait for a process, a time limit or a retry.
    maxWorkers: 4,
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
