import type { Page } from 'playwright-core';
import { describe, expect } from 'vitest';
import { NARROW, test, WIDE } from '../helpers/page/console-page.ts';
import { failedRequest } from '../helpers/page/failed-request.ts';
import { accessibilityFaults, layoutFaults } from '../helpers/page/page-layout.ts';
import { listRows, waterfallRow } from '../helpers/page/page-parts.ts';
import { plainRequest } from '../helpers/page/plain-request.ts';
import { sendTelemetry } from '../helpers/telemetry.ts';

const LONG = '/api/activities/search?term=a+rather+long+search+term+that+goes+on&limit=20&before=eyJjIjoxfQ';

async function sendRequests(page: Page, url: string): Promise<void> {
  await sendTelemetry(url, plainRequest({ route: '/api/activities/search', path: LONG, ms: 8123 }));
  await sendTelemetry(url, plainRequest({ route: '/api/messages', status: 422, method: 'POST' }));
  await sendTelemetry(url, failedRequest());
  await expect.poll(() => listRows(page).count()).toBe(3);
}

/** Each opens a view, starting from the empty list. */
const VIEWS: Readonly<Record<string, (page: Page, url: string) => Promise<unknown>>> = {
  'no request': async () => {},
  'the list': async (page, url) => {
    await sendRequests(page, url);
    await page.keyboard.press('j');
  },
  'the overview': async (page, url) => {
    await page.setViewportSize(NARROW);
    await page.getByRole('link', { name: 'Overview' }).click();
    await sendRequests(page, url);
    await page.getByRole('region', { name: 'Routes' }).getByText('/api/activities/search').waitFor();
  },
  'one request': async (page, url) => {
    await sendRequests(page, url);
    // The time of another row may hold the same digits.
    await listRows(page)
      .filter({ has: page.locator('.status', { hasText: '500' }) })
      .click();
    await waterfallRow(page, 'home-activities').click();
  },
};

describe('the page', () => {
  test.for(Object.entries(VIEWS))(
    'is accessible and fits the window with %s',
    async ([, open], { page, local }) => {
      await open(page, local.url);
      expect(await accessibilityFaults(page)).toEqual([]);
      for (const size of [NARROW, WIDE]) {
        await page.setViewportSize(size);
        expect(await layoutFaults(page), `${size.width} pixels`).toEqual([]);
      }
    },
  );

  test('uses the theme of the system until the user chooses one, and keeps that', async ({
    local,
    openTab,
  }) => {
    const page = await openTab(local.url, { colorScheme: 'dark' });
    const isDark = () =>
      page.evaluate<boolean>(`getComputedStyle(document.body).color.match(/\\d+/)[0] > 127`);
    expect(await isDark()).toBe(true);
    await page.getByRole('button', { name: 'Theme: auto' }).click();
    expect(await isDark()).toBe(false);
    await page.reload();
    await page.getByRole('button', { name: 'Theme: light' }).waitFor();
    expect(await isDark()).toBe(false);
    await page.getByRole('button', { name: 'Theme: light' }).click();
    await page.getByRole('button', { name: 'Theme: dark' }).click();
    await page.getByRole('button', { name: 'Theme: auto' }).waitFor();
  });
});
