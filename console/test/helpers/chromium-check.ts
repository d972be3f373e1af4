import { chromiumPath } from './chromium.ts';

/** Prints a warning at the end of a run on a machine without Chromium. In CI, the tests fail instead. */
export function teardown(): void {
  if (chromiumPath || process.env.CI) return;
  process.stderr.write(
    "\n!!! NO CHROMIUM: the tests of the console's page were skipped.\n" +
      '!!! Install Chromium (Debian: apt-get install chromium), or set CHROMIUM_PATH to a Chromium or Chrome.\n\n',
  );
}
