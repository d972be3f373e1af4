import { describe, expect } from 'vitest';
import { test } from '../helpers/page/console-page.ts';
import { failedRequest } from '../helpers/page/failed-request.ts';
import { listColumn, listRows } from '../helpers/page/page-parts.ts';
import { plainRequest } from '../helpers/page/plain-request.ts';
import { sendTelemetry } from '../helpers/telemetry.ts';

describe('the list', () => {
  test('shows a row per request, newest first, as soon as it arrives', async ({ page, local }) => {
    const rows = listRows(page);
    const cells = async (row: number) => {
      const texts = await rows.nth(row).locator('[role=gridcell]').allInnerTexts();
      return texts.map((text) => text.replace(/\s+/g, ' '));
    };
    await page.evaluate('window.notReloaded = true');
    const at = new Date(2026, 10, 22, 14, 5, 9, 123).getTime();
    await sendTelemetry(local.url, failedRequest(at));
    await expect.poll(() => rows.count()).toBe(1);
    const [route, path] = ['/api/activities/{uuid}/reply', '/api/activities/42/reply'];
    await sendTelemetry(local.url, plainRequest({ method: 'POST', route, path, at: at + 1000, ms: 7.5 }));
    await expect.poll(() => rows.count()).toBe(2);

    expect(await page.locator('#list [role=columnheader]').allInnerTexts()).toEqual(
      'Time Method Route Status Duration Spans Segments Lines Errors'.split(' '),
    );
    const counts = ['1', '0', '0', '0'];
    expect(await cells(0)).toEqual(['14:05:10.123', 'POST', `${route} ${path}`, '200', '7.50 ms', ...counts]);
    const query = "/api/activities/home ?limit=3&term=it's";
    expect((await cells(1)).slice(2)).toEqual([query, '500', '120 ms', '3', '1', '2', '1']);
    expect(await rows.nth(1).getAttribute('class')).toContain('failed');
    expect(await page.evaluate('window.notReloaded')).toBe(true);
  });

  test('keeps only the rows near the viewport in the document', async ({ page, local }) => {
    const at = Date.now();
    const requests = Array.from({ length: 3000 }, (_, index) =>
      plainRequest({ path: `/n/${index}`, at: at + index }),
    );
    await sendTelemetry(local.url, { spans: requests.flatMap(({ spans = [] }) => spans) });
    await page.getByText('3,000', { exact: true }).first().waitFor();
    const list = page.getByRole('grid', { name: 'Requests, newest first' });
    expect(await list.getAttribute('aria-rowcount')).toBe('3001');
    expect(await listRows(page).count()).toBeLessThan(80);

    await list.focus();
    await page.keyboard.press('End');
    await page.getByText('/n/0', { exact: true }).waitFor();
    expect(await listRows(page).count()).toBeLessThan(80);
    await list.hover();
    await page.mouse.wheel(0, -3000);
    await expect.poll(() => page.getByText('/n/0', { exact: true }).count()).toBe(0);

    const path = await listRows(page).nth(20).locator('.path').innerText();
    const top = async () => (await page.getByText(path, { exact: true }).boundingBox())?.y;
    const before = await top();
    await sendTelemetry(local.url, plainRequest({ path: '/newest', at: at + 9000 }));
    await page.getByText('3,001', { exact: true }).first().waitFor();
    expect(await top(), 'position of a visible row').toBeCloseTo(before ?? 0, 0);
  });

  test('does not change during a pause, and counts new requests', async ({ page, local }) => {
    await sendTelemetry(local.url, plainRequest({ status: 200 }));
    await listRows(page).waitFor();
    await page.getByRole('button', { name: 'Pause' }).click();
    await sendTelemetry(local.url, plainRequest({ status: 404 }));
    await page.getByText('Paused · 1 new').waitFor();
    expect(await listColumn(page, 'status')).toEqual(['200']);

    await page.getByRole('button', { name: 'Resume' }).click();
    await expect.poll(() => listColumn(page, 'status')).toEqual(['404', '200']);
    await page.getByText('Live', { exact: true }).waitFor();
  });

  test('is cleared in the console too, and continues', async ({ page, local }) => {
    await sendTelemetry(local.url, plainRequest());
    await listRows(page).waitFor();
    await page.getByRole('button', { name: 'Clear' }).click();
    await page.getByRole('heading', { name: 'No requests yet' }).waitFor();
    expect(await (await fetch(`${local.url}/api/traces`)).json()).toMatchObject({ traces: [] });

    await sendTelemetry(local.url, plainRequest({ status: 201 }));
    await expect.poll(() => listColumn(page, 'status')).toEqual(['201']);
  });
});
