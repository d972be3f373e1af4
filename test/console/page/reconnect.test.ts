import { describe, expect, onTestFinished } from 'vitest';
import { startConsole } from '../../../src/console/server.ts';
import { test } from '../../helpers/console-page.ts';
import { listColumn } from '../../helpers/page-parts.ts';
import { plainRequest } from '../../helpers/plain-request.ts';
import { createTcpGate } from '../../helpers/tcp-gate.ts';
import { sendTelemetry } from '../../helpers/telemetry.ts';

describe('the live page', () => {
  test('resumes where it was when its connection breaks', async ({ page: _, local, openTab }) => {
    const gate = await createTcpGate(local.url);
    onTestFinished(gate.close);
    const page = await openTab(gate.url);
    await sendTelemetry(local.url, plainRequest({ status: 200 }));
    await expect.poll(() => listColumn(page, 'status')).toEqual(['200']);

    await gate.shut();
    await page.getByText('Reconnecting… The console does not answer').waitFor();
    await sendTelemetry(local.url, plainRequest({ status: 404 }));
    expect(await listColumn(page, 'status')).toEqual(['200']);
    await gate.open();
    await expect.poll(() => listColumn(page, 'status')).toEqual(['404', '200']);
    await page.getByText('Live', { exact: true }).waitFor();
    expect(await page.locator('#connection').innerText()).toBe('');
  });

  test('follows a console that is started again on its port, and shows what that one has', async ({
    openTab,
  }) => {
    const first = await startConsole();
    const page = await openTab(first.url);
    await sendTelemetry(first.url, plainRequest({ status: 200 }));
    await expect.poll(() => listColumn(page, 'status')).toEqual(['200']);
    await page.getByRole('row', { name: '/api/activities/home' }).click();

    await first.close();
    await page.getByText('Reconnecting… The console does not answer').waitFor();
    const second = await startConsole({ port: first.httpPort });
    onTestFinished(second.close);
    await sendTelemetry(second.url, plainRequest({ status: 201 }));
    await sendTelemetry(second.url, plainRequest({ status: 202 }));
    await page.getByText('Live', { exact: true }).waitFor();
    await page.getByRole('link', { name: 'Back to the requests' }).click();
    await expect.poll(() => listColumn(page, 'status')).toEqual(['202', '201']);
  });
});
