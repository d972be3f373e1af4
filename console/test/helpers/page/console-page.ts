import type { BrowserContextOptions, Page } from 'playwright-core';
import { test as base, expect } from 'vitest';
import { type Console, startConsole } from '../../../src/server.ts';
import { chromiumPath, launchChromium } from '../chromium.ts';
import { watchPage } from './page-watch.ts';

export const WIDE = { width: 1440, height: 900 };
export const NARROW = { width: 390, height: 844 };

/** Shorter than the test's own timeout, so that the error names the locator. */
const TIMEOUT_MS = 15_000;

const TAB: BrowserContextOptions = { viewport: WIDE, permissions: ['clipboard-read', 'clipboard-write'] };

/** Opens an address in a new tab with its own storage; the tab is closed after the test. */
type OpenTab = (address: string, options?: BrowserContextOptions) => Promise<Page>;

/** The files of a worker share browser, console and tab: opening them takes longer than most tests. */
const inBrowser = base
  // biome-ignore lint/correctness/noEmptyPattern: Vitest reads the fixture's dependencies from this pattern.
  .extend('browser', { scope: 'worker' }, async ({}, { onCleanup }) => {
    const browser = await launchChromium();
    onCleanup(() => browser.close());
    return browser;
  })
  // biome-ignore lint/correctness/noEmptyPattern: as above.
  .extend('local', { scope: 'worker' }, async ({}, { onCleanup }): Promise<Console> => {
    const local = await startConsole();
    onCleanup(local.close);
    return local;
  })
  .extend('tab', { scope: 'worker' }, async ({ browser, local }, { onCleanup }) => {
    const context = await browser.newContext({ ...TAB, baseURL: local.url });
    onCleanup(() => context.close());
    context.setDefaultTimeout(TIMEOUT_MS);
    const page = await context.newPage();
    const seen = watchPage(page);
    const lost: string[] = [];
    page.on('requestfailed', (request) => lost.push(`${request.url()}: ${request.failure()?.errorText}`));
    await page.goto('/');
    await page
      .locator('.brand')
      .waitFor()
      .catch((cause) => {
        throw new Error(`the page drew nothing: ${[...seen, ...lost].join(', ')}`, { cause });
      });
    return { page, seen };
  })
  .extend('page', async ({ local, tab: { page, seen }, task }, { onCleanup }): Promise<Page> => {
    local.journal.clear();
    await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
    await page.setViewportSize(WIDE);
    await page.locator('.brand').click();
    await page.getByRole('heading', { name: 'No requests yet' }).waitFor();
    onCleanup(async () => {
      // A failed test may stop anywhere; the next one starts from the list.
      if (task.result?.state === 'fail') await page.goto('/');
      expect(seen.splice(0), 'forbidden actions of the page').toEqual([]);
    });
    return page;
  })
  .extend('openTab', async ({ browser }, { onCleanup }): Promise<OpenTab> => {
    const closing: (() => Promise<void>)[] = [];
    onCleanup(async () => {
      for (const close of closing) await close();
    });
    return async (address, options) => {
      const context = await browser.newContext({ ...TAB, ...options });
      context.setDefaultTimeout(TIMEOUT_MS);
      const page = await context.newPage();
      const seen = watchPage(page);
      closing.push(async () => {
        await context.close();
        expect(seen, 'forbidden actions of the page').toEqual([]);
      });
      await page.goto(address);
      return page;
    };
  });

/**
 * `test` with `local`, a console, and `page`, its page in a real browser on an empty list. A test also fails
 * when `watchPage` reports something. Without Chromium, the tests fail in CI and are skipped elsewhere.
 */
export const test = chromiumPath || process.env.CI ? inBrowser : inBrowser.skip;
