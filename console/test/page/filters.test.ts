import type { Page } from 'playwright-core';
import { beforeEach, describe, expect } from 'vitest';
import { test } from '../helpers/page/console-page.ts';
import { listColumn } from '../helpers/page/page-parts.ts';
import { plainRequest } from '../helpers/page/plain-request.ts';
import { sendTelemetry } from '../helpers/telemetry.ts';

const TRACE_ID = '6b1f0c3a5f2e4d6c8b7a9f0e1d2c3b4a';
const AT = Date.now();
const REQUESTS = [
  plainRequest({ status: 200, ms: 12, at: AT }),
  plainRequest({ status: 422, ms: 5, at: AT + 1, method: 'POST', route: '/api/messages' }),
  plainRequest({
    status: 304,
    ms: 300,
    at: AT + 2,
    route: '/api/activities/search',
    path: '/api/activities/search?term=Tribbles',
  }),
  plainRequest({ status: 503, ms: 120.5, at: AT + 3, traceId: TRACE_ID }),
];
const ALL = ['503', '304', '422', '200'];

const shown = (page: Page) => listColumn(page, 'status');
const query = (page: Page) => new URL(page.url()).search;

describe('the filters of the list', () => {
  beforeEach<{ page: Page; local: { url: string } }>(async ({ page, local }) => {
    for (const request of REQUESTS) await sendTelemetry(local.url, request);
    await expect.poll(() => shown(page)).toEqual(ALL);
  });

  test.for<[string, string, string, string[]]>([
    ['text, in names and paths, ignoring case', 'Text', 'tRIBBLEs', ['304']],
    ['route', 'Route', '/api/activities/home', ['503', '200']],
    ['duration', 'Slower than (ms)', '120', ['503', '304']],
  ])('select by %s', async ([, field, value, statuses], { page }) => {
    await page.getByLabel(field, { exact: true }).fill(value);
    await expect.poll(() => shown(page)).toEqual(statuses);
    expect(await page.getByLabel('Requests shown').innerText()).toBe(`${statuses.length} of 4`);
    expect([...new URL(page.url()).searchParams.values()]).toEqual([value]);
  });

  test('select by status and by status class', async ({ page }) => {
    const status = page.getByLabel('Status', { exact: true });
    await status.selectOption('4xx');
    await expect.poll(() => shown(page)).toEqual(['422']);
    await status.selectOption('304');
    await expect.poll(() => shown(page)).toEqual(['304']);
    expect(query(page)).toBe('?status=304');
  });

  test('select by trace id, in any format, and by its first digits', async ({ page }) => {
    const xray = `1-${TRACE_ID.slice(0, 8)}-${TRACE_ID.slice(8)}`;
    const traceparent = `00-${TRACE_ID}-00f067aa0ba902b7-01`;
    for (const form of [TRACE_ID, xray, `Root=${xray};Sampled=1`, traceparent, TRACE_ID.slice(0, 9)]) {
      await page.getByLabel('Trace id, any format').fill(form);
      await expect.poll(() => shown(page), { message: form }).toEqual(['503']);
      await page.getByLabel('Trace id, any format').fill('');
      await expect.poll(() => shown(page)).toEqual(ALL);
    }
    await page.getByLabel('Trace id, any format').fill(xray);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: '503' }).waitFor();
  });

  test('select failed requests only', async ({ page }) => {
    await page.getByLabel('Errors only').check();
    await expect.poll(() => shown(page)).toEqual(['503']);
    expect(query(page)).toBe('?errors=1');
  });

  test('are kept in the address: combined, after visiting a request, and when the link is opened', async ({
    page,
  }) => {
    await page.getByLabel('Text', { exact: true }).fill('activities');
    await page.getByLabel('Status', { exact: true }).selectOption('3xx');
    await expect.poll(() => shown(page)).toEqual(['304']);
    const address = page.url();
    await page.getByText('/api/activities/search', { exact: true }).first().click();
    await page.getByRole('link', { name: 'Back to requests' }).click();
    await expect.poll(() => shown(page)).toEqual(['304']);
    expect(page.url()).toBe(address);

    await page.goto(address);
    await expect.poll(() => shown(page)).toEqual(['304']);
    expect(await page.getByLabel('Text', { exact: true }).inputValue()).toBe('activities');
  });

  test('that match nothing can be cleared with one click', async ({ page }) => {
    await page.getByLabel('Text', { exact: true }).fill('no such thing');
    await page.getByRole('heading', { name: 'No matching requests' }).waitFor();
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await expect.poll(() => shown(page)).toEqual(ALL);
    expect(query(page)).toBe('');
  });
});
