import type { Page } from 'playwright-core';
import { beforeEach, describe, expect } from 'vitest';
import { test } from '../helpers/page/console-page.ts';
import { failedRequest } from '../helpers/page/failed-request.ts';
import { detailsOf, waterfallRow, waterfallRows } from '../helpers/page/page-parts.ts';
import { sendTelemetry } from '../helpers/telemetry.ts';

const REQUEST = failedRequest();
const { traceId } = REQUEST;

/** Start and end of a part of a waterfall row, as fractions of the 120 ms shown. */
async function extentOf(page: Page, row: string, part: string): Promise<{ start: number; end: number }> {
  const chart = await waterfallRow(page, row).locator('.chart').boundingBox();
  const bar = await waterfallRow(page, row).locator(part).boundingBox();
  if (!chart || !bar) throw new Error(`${row} shows no ${part}`);
  return {
    start: (bar.x - chart.x) / chart.width,
    end: (bar.x + bar.width - chart.x) / chart.width,
  };
}

describe('the view of a request', () => {
  beforeEach<{ page: Page; local: { url: string } }>(async ({ page, local }) => {
    await sendTelemetry(local.url, REQUEST);
    await page.getByRole('row', { name: '/api/activities/home' }).click();
    await waterfallRow(page, 'SELECT activities').waitFor();
  });

  test('shows spans with their segments, log lines and errors, ordered by time', async ({ page }) => {
    expect(await waterfallRows(page).locator('.text').allInnerTexts()).toEqual([
      'GET /api/activities/home',
      'home-activities',
      'reading the home feed',
      'SELECT activities',
      'DatabaseError: database down',
      'GET /api/activities/home 500',
    ]);
    const levels = await waterfallRows(page).evaluateAll((rows) =>
      rows.map((row) => row.getAttribute('aria-level')),
    );
    expect(levels).toEqual(['1', '2', '3', '3', '3', '2']);
    expect(await page.locator('.ticks span').allInnerTexts()).toEqual(['0', '50 ms', '100 ms']);
    for (const system of ['.bar.span', '.bar.segment']) {
      const { start, end } = await extentOf(page, 'home-activities', system);
      expect([start, end].map((share) => Math.round(share * 120))).toEqual([10, 110]);
    }
    const line = await extentOf(page, 'reading the home feed', '.moment.log');
    expect(((line.start + line.end) / 2) * 120).toBeCloseTo(15, 0);
    expect(await waterfallRow(page, 'SELECT').locator('.bar').count(), 'X-Ray has no segment for it').toBe(1);
  });

  test('names the error first, and shows its stack', async ({ page }) => {
    const error = page.getByRole('list', { name: 'Errors' }).getByRole('button');
    expect(await error.allInnerTexts()).toEqual(['DatabaseError: database down']);
    const report = detailsOf(page, 'Rollbar');
    await report.getByText('homeActivities', { exact: true }).waitFor();
    expect(await report.locator('.frames .place').allInnerTexts()).toEqual([
      'src/activities/home-activities.ts:17:9',
      'pg/lib/client.js:12:5',
    ]);
    expect(await report.locator('.thrower').innerText()).toContain('return store.home(page);');
  });

  test('shows all details of the selected row, and keeps the row in the address', async ({ page }) => {
    await waterfallRow(page, 'home-activities').click();
    await expect.poll(() => waterfallRow(page, 'home-activities').getAttribute('aria-selected')).toBe('true');
    const span = await detailsOf(page, 'OpenTelemetry').innerText();
    for (const text of [
      'app.user_handle\nandrewbrown',
      'app.result_length\n4',
      'exception',
      'home.activities',
    ])
      expect(span).toContain(text);
    const segment = await detailsOf(page, 'X-Ray').innerText();
    for (const text of ['Annotations\napp_user_handle\nandrewbrown', 'Metadata: cruddur\nfeed', 'fault'])
      expect(segment).toContain(text);

    await page.reload();
    await detailsOf(page, 'X-Ray').getByText('app_user_handle').waitFor();
    await waterfallRow(page, 'reading the home feed').click();
    await detailsOf(page, 'CloudWatch Logs').getByText('backend-express/host').waitFor();
  });

  test('closes and opens the children of a row', async ({ page }) => {
    const fold = waterfallRow(page, 'home-activities').locator('.fold');
    await fold.click();
    await expect.poll(() => waterfallRows(page).count()).toBe(3);
    await fold.click();
    await expect.poll(() => waterfallRows(page).count()).toBe(6);
  });

  test('copies the id in both formats, and a curl command with shell quoting', async ({ page }) => {
    const copied = async (name: string) => {
      const button = page.getByRole('button', { name, exact: true });
      await button.click();
      await expect.poll(() => button.getAttribute('data-outcome')).toBe('copied');
      return page.evaluate('navigator.clipboard.readText()');
    };
    expect(await copied('Copy id')).toBe(traceId);
    expect(await copied('Copy X-Ray id')).toBe(`1-${traceId.slice(0, 8)}-${traceId.slice(8)}`);
    expect(await copied('Copy curl')).toBe(
      `curl 'http://localhost:4567/api/activities/home?limit=3&term=it'\\''s'`,
    );
  });

  test('exports JSON with the data of all four systems', async ({ page }) => {
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Export JSON' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe(`trace-${traceId}.json`);
    const chunks = await (await download.createReadStream()).toArray();
    const { summary, spans, errors } = JSON.parse(Buffer.concat(chunks).toString());
    expect(summary).toMatchObject({ traceId, counts: { span: 3, segment: 1, log: 2, error: 1 } });
    expect(spans).toHaveLength(3);
    expect(errors[0].body.trace.exception).toEqual({ class: 'DatabaseError', message: 'database down' });
  });
});
