import { describe, expect } from 'vitest';
import { test } from '../helpers/page/console-page.ts';
import { failedRequest } from '../helpers/page/failed-request.ts';
import { detailsOf, listRows, waterfallRow, waterfallRows } from '../helpers/page/page-parts.ts';
import { hex, sendTelemetry, spanOf } from '../helpers/telemetry.ts';

const IMAGE = '<img src=x onerror="alert(1)">';
const SCRIPT = '"><script>alert(2)</script>';
const LINK = 'javascript:alert(3)';

function hostileRequest() {
  const [traceId, at] = [hex(16), Date.now()];
  const attributes = {
    'http.request.method': IMAGE,
    'http.route': IMAGE,
    'url.full': LINK,
    'url.path': `${LINK}//${SCRIPT}`,
    'db.query.text': SCRIPT,
    [IMAGE]: SCRIPT,
    __proto__: IMAGE,
  };
  const events = [{ name: IMAGE, at, attributes: { 'exception.stacktrace': SCRIPT, [SCRIPT]: LINK } }];
  const segment = {
    trace_id: `1-${traceId.slice(0, 8)}-${traceId.slice(8)}`,
    id: hex(8),
    name: IMAGE,
    start_time: at / 1000,
    end_time: at / 1000 + 1,
    fault: true,
    http: { request: { method: IMAGE, url: LINK } },
    metadata: { [IMAGE]: { [SCRIPT]: LINK } },
    cause: {
      exceptions: [{ id: hex(8), type: IMAGE, message: SCRIPT, stack: [{ label: IMAGE, path: LINK }] }],
    },
  };
  const frame = {
    filename: LINK,
    method: IMAGE,
    lineno: 1,
    code: SCRIPT,
    context: { pre: [IMAGE], post: [] },
  };
  return {
    traceId,
    spans: [
      spanOf({ traceId, name: IMAGE, kind: 'server', at, ms: 1000, attributes, events, failed: SCRIPT }),
    ],
    segments: [segment],
    lines: [
      {
        timestamp: at + 1,
        message: JSON.stringify({ level: IMAGE, message: SCRIPT, trace_id: traceId, [IMAGE]: LINK }),
      },
    ],
    items: [
      {
        level: IMAGE,
        uuid: IMAGE,
        timestamp: at / 1000,
        context: SCRIPT,
        custom: { trace_id: traceId },
        request: { url: LINK, method: IMAGE },
        body: { trace: { exception: { class: IMAGE, message: SCRIPT }, frames: [frame] } },
      },
    ],
  };
}

describe('hostile input', () => {
  test('is shown as text everywhere, and never runs, loads or becomes a link', async ({ page, local }) => {
    const requested: string[] = [];
    page.on('request', (request) => requested.push(new URL(request.url()).pathname));
    const request = hostileRequest();
    await sendTelemetry(local.url, request);
    const row = listRows(page).locator('.route');
    await expect.poll(() => row.innerText()).toContain(IMAGE);
    expect(await row.innerText()).toContain(LINK);
    await page.getByRole('region', { name: 'Routes' }).getByText(IMAGE).waitFor();
    await row.click();

    const shown = async (text: string, system: string) => {
      await expect.poll(() => detailsOf(page, system).innerText()).toContain(text);
    };
    await shown(LINK, 'Rollbar');
    await shown(IMAGE, 'Rollbar');
    await waterfallRows(page).first().click();
    for (const text of [IMAGE, SCRIPT, LINK]) {
      await shown(text, 'OpenTelemetry');
      await shown(text, 'X-Ray');
    }
    await waterfallRow(page, '"><script>').click();
    await shown(SCRIPT, 'CloudWatch Logs');

    expect(await page.locator('main img, main script, main iframe').count()).toBe(0);
    const links = await page.locator('a').evaluateAll((all) => all.map((link) => link.getAttribute('href')));
    expect(links.filter((href) => !/^[/#](?!\/)/.test(href ?? ''))).toEqual([]);
    expect(requested.filter((path) => path !== `/api/traces/${request.traceId}`)).toEqual([]);
    expect(await page.getByRole('button', { name: 'Copy curl' }).count(), 'the URL is no http URL').toBe(0);
  });

  test('is harmless as a trace id in the address', async ({ page }) => {
    await page.goto(`/trace/${encodeURIComponent(IMAGE)}`);
    await page.locator('#trace code').getByText(IMAGE).waitFor();
  });

  test('cannot escape from the quotes of the copied curl command', async ({ page, local }) => {
    const request = failedRequest();
    const span = JSON.stringify(request.spans?.[0]).replace(
      "term=it's",
      "a='; touch /tmp/x; $(id) `id` \\u0007",
    );
    await sendTelemetry(local.url, { spans: [JSON.parse(span)] });
    await listRows(page).first().click();
    await page.getByRole('button', { name: 'Copy curl' }).click();
    await expect
      .poll(() => page.evaluate('navigator.clipboard.readText()'))
      .toBe(
        `curl $'http://localhost:4567/api/activities/home?limit=3&a=\\'; touch /tmp/x; $(id) \`id\` \\u0007'`,
      );
  });
});
