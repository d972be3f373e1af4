import { expect, onTestFinished } from 'vitest';
import { startConsole } from '../../src/server.ts';
import { createTcpProxy } from '../helpers/network/tcp-proxy.ts';
import { test } from '../helpers/page/console-page.ts';
import { listColumn } from '../helpers/page/page-parts.ts';
import { plainRequest } from '../helpers/page/plain-request.ts';
import { sendTelemetry } from '../helpers/telemetry.ts';

test('the page resumes after a broken connection, and follows a restarted console', async ({ openTab }) => {
  const first = await startConsole();
  onTestFinished(first.close);
  const gate = await createTcpProxy(first.url);
  onTestFinished(gate.close);
  const page = await openTab(gate.url);
  await sendTelemetry(first.url, plainRequest({ status: 200 }));
  await expect.poll(() => listColumn(page, 'status')).toEqual(['200']);

  await gate.shut();
  await page.getByText('Reconnecting… The console is not responding').waitFor();
  await sendTelemetry(first.url, plainRequest({ status: 404 }));
  expect(await listColumn(page, 'status')).toEqual(['200']);
  await gate.open();
  await expect.poll(() => listColumn(page, 'status')).toEqual(['404', '200']);
  await page.getByText('Live', { exact: true }).waitFor();
  expect(await page.locator('#connection').innerText()).toBe('');

  await first.close();
  const second = await startConsole({ port: first.httpPort });
  onTestFinished(second.close);
  await sendTelemetry(second.url, plainRequest({ status: 201 }));
  await sendTelemetry(second.url, plainRequest({ status: 202, at: Date.now() + 1000 }));
  await expect.poll(() => listColumn(page, 'status')).toEqual(['202', '201']);
  await page.getByText('Live', { exact: true }).waitFor();
});
