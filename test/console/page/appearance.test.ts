import type { Page } from 'playwright-core';
import { describe, expect } from 'vitest';
import { NARROW, test, WIDE } from '../../helpers/console-page.ts';
import { failedRequest } from '../../helpers/failed-request.ts';
import { accessibilityFaults, layoutFaults } from '../../helpers/page-layout.ts';
import { listRows, waterfallRow } from '../../helpers/page-parts.ts';
import { plainRequest } from '../../helpers/plain-request.ts';
import { sendTelemetry } from '../../helpers/telemetry.ts';

const LONG = '/api/activities/search?term=a+rather+long+search+term+that+goes+on&limit=20&before=eyJjIjoxfQ';

async function sendRequests(url: string): Promise<string> {
  const failed = failedRequest();
  await sendTelemetry(url, plainRequest({ route: '/api/activities/search', path: LONG, ms: 8123 }));
  await sendTelemetry(
    url,
    plainRequest({ route: '/api/activities/{uuid}/reply', status: 422, method: 'POST' }),
  );
  await sendTelemetry(url, failed);
  return failed.traceId;
}

/** Shows the views of the page, one after the other. */
async function* views(page: Page, url: string): AsyncGenerator<string> {
  yield 'no request';
  const traceId = await sendRequests(url);
  await expect.poll(() => listRows(page).count()).toBe(3);
  await page.keyboard.press('j');
  yield 'the list';
  await page.goto('/?view=overview');
  await page.getByRole('region', { name: 'Routes' }).getByText('/api/activities/search').waitFor();
  yield 'the overview';
  await page.goto(`/trace/${traceId}`);
  await waterfallRow(page, 'SELECT activities').waitFor();
  yield 'one request';
  await waterfallRow(page, 'home-activities').click();
  yield 'a picked row';
}

describe('the page', () => {
  test('has no fault of accessibility, in light and in dark', async ({ page, local }) => {
    for await (const view of views(page, local.url))
      expect(await accessibilityFaults(page), view).toEqual([]);
  });

  test.for([NARROW, WIDE])('shows all there is at $width pixels', async (size, { page, local }) => {
    await page.setViewportSize(size);
    for await (const view of views(page, local.url)) expect(await layoutFaults(page), view).toEqual([]);
  });

  test('is as light or dark as the system, or as the reader chose, from then on', async ({
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
