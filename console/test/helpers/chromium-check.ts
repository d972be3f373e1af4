import { chromiumPath } from './chromium.ts';

/**
 * Says, after all other lines of a run, what it left out on a machine without Chromium. In CI its tests fail
 * instead.
 */
export function teardown(): void {
  if (chromiumPath || process.env.CI) return;
  process.stderr.write(
    "\n!!! NO CHROMIUM: the tests of the console's page were skipped. Install it (Debian: apt-get install chromium), or set\n" +
      '!!! CHROMIUM_PATH to a Chromium or Chrome, and run them again.\n\n',
  );
}
