import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const PLACES = [
  process.env.CHROMIUM_PATH,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** The browser of this machine, by default that of `CHROMIUM_PATH`; undefined when there is none. */
export const chromiumPath: string | undefined = PLACES.find((path) => path !== undefined && existsSync(path));

/** Starts the browser without a window. Throws an error that names the missing package. */
export function launchChromium(): Promise<Browser> {
  if (chromiumPath === undefined)
    throw new Error('no Chromium: install the package chromium, or set CHROMIUM_PATH');
  return chromium.launch({
    executablePath: chromiumPath,
    args: [
      // Chromium's sandbox does not work as root. The tests open only pages of this machine.
      '--no-sandbox',
      '--disable-dev-shm-usage',
      // The page draws in animation frames, for which Chromium would wait for an emulated graphics card.
      '--disable-gpu',
    ],
  });
}
