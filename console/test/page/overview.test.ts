import { describe, expect } from 'vitest';
import { test } from '../helpers/page/console-page.ts';
import { failedRequest } from '../helpers/page/failed-request.ts';
import { listColumn, listRows } from '../helpers/page/page-parts.ts';
import { plainRequest } from '../helpers/page/plain-request.ts';
import { sendTelemetry } from '../helpers/telemetry.ts';

describe('the page without requests', () => {
  test('shows commands to try, and the variables for another program', async ({ page, local }) => {
    const empty = page.locator('#empty');
    await empty.getByText('curl localhost:4567/api/activities/home').waitFor();
    const text = await empty.getByLabel('Variables', { exact: true }).innerText();
    expect(Object.keys(local.variables).length).toBeGreaterThan(4);
    for (const [name, value] of Object.entries(local.variables)) {
      expect(text).toMatch(new RegExp(`^export ${name}=`, 'm'));
      if (!value.includes(' ')) expect(text).toContain(value);
    }
    await empty.getByRole('button', { name: 'Copy variables' }).click();
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(`${text}\n`);
  });
});

describe('the overview', () => {
  test('shows the input per system with its age, and unreadable input', async ({ page, local }) => {
    const body = '{"resourceSpans": [{{ <b>bold</b>';
    const headers = { 'content-type': 'application/json' };
    expect((await fetch(`${local.url}/v1/traces`, { method: 'POST', headers, body })).status).toBe(400);
    await sendTelemetry(local.url, failedRequest());
    const received = page.getByRole('region', { name: 'Received' });
    for (const system of ['X-Ray', 'CloudWatch Logs', 'Rollbar'])
      await received
        .getByRole('row', { name: new RegExp(`^${system} [1-9]\\d* (now|\\d s ago) 0$`) })
        .waitFor();
    await received.getByRole('row', { name: /^OpenTelemetry [1-9]\d* (now|\d s ago) [1-9]\d*$/ }).waitFor();

    const unreadable = page.getByRole('region', { name: 'Unreadable input' });
    await unreadable.getByText('JSON').first().click();
    await unreadable.getByText(body).first().waitFor();
  });

  test('shows latency and errors per route, and filters the list by a route', async ({ page, local }) => {
    for (const ms of [10, 20, 400]) await sendTelemetry(local.url, plainRequest({ ms }));
    await sendTelemetry(local.url, plainRequest({ route: '/api/messages', status: 500, ms: 3 }));
    await expect.poll(() => listRows(page).count()).toBe(4);
    const routes = page.getByRole('region', { name: 'Routes' });
    const home = routes.getByRole('listitem').filter({ hasText: '/api/activities/home' });
    await expect
      .poll(async () => (await home.innerText()).split(/\s*\n\s*/))
      .toEqual([
        'GET /api/activities/home',
        '3',
        'p50',
        '20.0 ms',
        'p95',
        '400 ms',
        'p99',
        '400 ms',
        'errors',
        '0 %',
      ]);
    await routes.getByText('100 %').waitFor();
    expect(await home.locator('svg rect').count()).toBeGreaterThan(3);

    await routes.getByRole('button', { name: '/api/messages' }).click();
    await expect.poll(() => listColumn(page, 'status')).toEqual(['500']);
  });
});
