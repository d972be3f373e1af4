import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const PLACES = [
  process.env.CHROMIUM_PATH,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** The browser of this machine, `CHROMIUM_PATH` first; undefined when there is none. */
export const chromiumPath: string | undefined = PLACES.find((path) => path !== undefined && existsSync(path));

/** Starts it without a window. Rejects, and says what to install, when there is none. */
export function launchChromium(): Promise<Browser> {
  if (chromiumPath === undefined)
    throw new Error('no Chromium: install the package chromium, or set CHROMIUM_PATH');
  // Chromium's own sandbox does not run as root; it only ever opens pages of this machine.
  return chromium.launch({ executablePath: chromiumPath, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
}
