import { describe, expect } from 'vitest';
import { test } from '../helpers/page/console-page.ts';
import { failedRequest } from '../helpers/page/failed-request.ts';
import { waterfallRow, waterfallRows } from '../helpers/page/page-parts.ts';
import { plainRequest } from '../helpers/page/plain-request.ts';
import { hex, sendTelemetry } from '../helpers/telemetry.ts';

describe('the address /trace/<id>', () => {
  test('opens a request by its id in any format', async ({ page, local }) => {
    const request = plainRequest();
    const { traceId } = request;
    await sendTelemetry(local.url, request);
    const xray = `1-${traceId.slice(0, 8)}-${traceId.slice(8)}`;
    for (const form of [`Root=${xray};Sampled=1`, `00-${traceId}-00f067aa0ba902b7-01`]) {
      await page.goto(`/trace/${encodeURIComponent(form)}`);
      await waterfallRow(page, 'GET /api/activities/home').waitFor();
      expect(await page.locator('.ids code').innerText(), form).toBe(traceId);
    }
  });

  test('shows a later request as soon as it arrives, and each of its parts', async ({ page, local }) => {
    const { traceId, spans, segments = [], lines = [], items = [] } = failedRequest();
    await page.goto(`/trace/1-${traceId.slice(0, 8)}-${traceId.slice(8)}`);
    await page.getByRole('heading', { name: 'No trace with this id' }).waitFor();
    await page.evaluate('window.notReloaded = true');

    await sendTelemetry(local.url, { lines });
    await waterfallRow(page, 'reading the home feed').waitFor();
    await page.getByText('no spans: not sampled').waitFor();
    await sendTelemetry(local.url, { spans: spans ?? [] });
    await waterfallRow(page, 'SELECT activities').waitFor();
    await page.getByText('not sampled by X-Ray').waitFor();
    await page.getByText('failed, and not reported to Rollbar').waitFor();

    await sendTelemetry(local.url, { segments, items });
    await waterfallRow(page, 'DatabaseError').waitFor();
    await expect.poll(() => page.getByRole('list', { name: 'Notes' }).count()).toBe(0);
    expect(await waterfallRows(page).count()).toBe(6);
    expect(await page.evaluate('window.notReloaded')).toBe(true);
  });

  test('shows a request under its own id in X-Ray too, as its parts arrive, and lists it once', async ({
    page,
    local,
  }) => {
    const [caller, own] = [hex(16), hex(16)];
    const xray = `1-${own.slice(0, 8)}-${own.slice(8)}`;
    const now = Date.now();
    const times = { start_time: now / 1000, end_time: now / 1000 + 0.005 };
    const id = hex(8);
    const subsegment = {
      id: hex(8),
      type: 'subsegment',
      parent_id: id,
      trace_id: xray,
      name: 'query',
      ...times,
    };
    const segment = { id, trace_id: xray, name: 'backend', ...times, annotations: { otel_trace_id: caller } };
    await page.goto(`/trace/${xray}`);
    await page.getByRole('heading', { name: 'No trace with this id' }).waitFor();

    await sendTelemetry(local.url, { segments: [subsegment] });
    await waterfallRow(page, 'query').waitFor();
    await sendTelemetry(local.url, { segments: [segment] });
    await waterfallRow(page, 'backend').waitFor();
    await sendTelemetry(local.url, {
      lines: [{ timestamp: now, message: `of the caller trace_id=${caller}` }],
    });
    await waterfallRow(page, 'of the caller').waitFor();
    expect(await page.locator('.ids code').innerText()).toBe(caller);

    await page.goto(`/?trace=${xray}`);
    await page.locator(`#row-${caller}`).waitFor();
    expect(await page.locator(`#row-${own}`).count()).toBe(0);
  });

  test('reports an invalid id', async ({ page }) => {
    await page.goto('/trace/tribbles');
    await page.getByRole('heading', { name: 'This trace could not be loaded' }).waitFor();
    await page.getByText('in any of its forms').waitFor();
  });
});
