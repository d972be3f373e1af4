import { describe, expect } from 'vitest';
import { test } from '../helpers/page/console-page.ts';
import { failedRequest } from '../helpers/page/failed-request.ts';
import { listRows, waterfallRow, waterfallRows } from '../helpers/page/page-parts.ts';
import { plainRequest } from '../helpers/page/plain-request.ts';
import { sendTelemetry } from '../helpers/telemetry.ts';

const FOCUSED = `(() => {
  const { ariaLabel, textContent, name } = document.activeElement;
  return ariaLabel || textContent.trim() || name;
})()`;

describe('the keyboard', () => {
  test('opens a request, moves through its rows and returns to the list', async ({ page, local }) => {
    const press = (key: string) => page.keyboard.press(key);
    await sendTelemetry(local.url, plainRequest({ at: Date.now() + 1000 }));
    await sendTelemetry(local.url, failedRequest());
    await expect.poll(() => listRows(page).count()).toBe(2);
    for (const key of ['j', 'ArrowDown', 'k', 'j']) await press(key);
    expect(await listRows(page).nth(1).getAttribute('aria-selected')).toBe('true');
    await press('Enter');
    await waterfallRow(page, 'SELECT activities').waitFor();

    const isSelected = (name: string) => waterfallRow(page, name).getAttribute('aria-selected');
    await page.getByRole('treegrid').focus();
    await press('k');
    await expect.poll(() => isSelected('SELECT activities')).toBe('true');
    await press('ArrowLeft');
    await expect.poll(() => isSelected('home-activities')).toBe('true');
    await press('ArrowLeft');
    await expect.poll(() => waterfallRows(page).count()).toBe(3);
    await press('ArrowRight');
    await expect.poll(() => waterfallRows(page).count()).toBe(6);
    await press('Escape');
    await expect.poll(() => new URL(page.url()).search).toBe('');
    await press('Escape');
    await expect.poll(() => listRows(page).nth(1).getAttribute('aria-selected')).toBe('true');
  });

  test('filters and pauses; letters typed into a field trigger nothing', async ({ page, local }) => {
    await sendTelemetry(local.url, plainRequest());
    await expect.poll(() => listRows(page).count()).toBe(1);
    await page.keyboard.press('/');
    await page.keyboard.type('jkp/');
    expect(await page.getByLabel('Text', { exact: true }).inputValue()).toBe('jkp/');
    await page.getByText('Live', { exact: true }).waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('p');
    await page.getByRole('button', { name: 'Resume' }).waitFor();
    await page.keyboard.press('p');
    await page.getByText('Live', { exact: true }).waitFor();
  });

  test('reaches every control, with a visible focus', async ({ page, local }) => {
    await sendTelemetry(local.url, plainRequest());
    await expect.poll(() => listRows(page).count()).toBe(1);
    await page.reload();
    await expect.poll(() => listRows(page).count()).toBe(1);
    const reached: unknown[] = [];
    do {
      await page.keyboard.press('Tab');
      reached.push(await page.evaluate(FOCUSED));
      const outline = await page.evaluate(`getComputedStyle(document.activeElement).outlineStyle`);
      expect(outline, `around ${reached.at(-1)}`).not.toBe('none');
    } while (reached.length < 30 && reached.at(-1) !== 'Send telemetry here');
    expect(reached).toEqual([
      'Skip to content',
      'Local console',
      'Requests',
      'Pause',
      'Clear',
      'Theme: auto',
      'Text',
      'Route',
      'Status',
      'Trace id, any format',
      'Slower than (ms)',
      'errors',
      'Requests, newest first',
      'Time window',
      'GET /api/activities/home',
      'Send telemetry here',
    ]);
  });
});
