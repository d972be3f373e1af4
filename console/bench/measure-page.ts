import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { launchChromium } from '../test/helpers/chromium.ts';
import { createLogStream, send } from './ingest.ts';
import { trafficOf } from './traffic.ts';

const ROWS = 5_000;
const PROBES = 20;
const SCROLL_FRAMES = 240;

export interface PageResult {
  readonly weightBytes: number;
  /** The longest time from the last acknowledgement to the row in the list. */
  readonly visibleMs: number;
  readonly longestFrameMs: number;
}

/** Measures the list in a real browser: its weight, its delay, and how smoothly 5,000 rows scroll. */
export async function measurePage(url: string): Promise<PageResult> {
  const browser = await launchChromium();
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    const weightBytes = await weigh(page, url);
    await createLogStream(url);
    for (let sent = 0; sent < ROWS; sent += 500) await send(url, trafficOf(500));
    const visible: number[] = [];
    for (let probe = 0; probe < PROBES; probe += 1) visible.push(await timeToRow(page, url));
    return {
      weightBytes,
      visibleMs: Math.max(...visible),
      longestFrameMs: await page.evaluate(LONGEST_FRAME),
    };
  } finally {
    await browser.close();
  }
}

async function weigh(page: Page, url: string): Promise<number> {
  const network = await page.context().newCDPSession(page);
  await network.send('Network.enable');
  let bytes = 0;
  network.on('Network.loadingFinished', ({ encodedDataLength }) => {
    bytes += encodedDataLength;
  });
  await page.goto(url, { waitUntil: 'load' });
  await sleep(500);
  return bytes;
}

async function timeToRow(page: Page, url: string): Promise<number> {
  const traffic = trafficOf(1);
  await send(url, traffic);
  const sent = performance.now();
  await page
    .locator(`a[href$="/trace/${traffic.traceIds[0]}"]`)
    .waitFor({ state: 'attached', timeout: 10_000 });
  return performance.now() - sent;
}

/** Scrolls the longest list by 400 px per frame. A string, because it runs in the page. */
const LONGEST_FRAME = `(async () => {
  const hidden = (element) => element.scrollHeight - element.clientHeight;
  const scroller = [...document.querySelectorAll('*')].reduce((a, b) => (hidden(b) > hidden(a) ? b : a));
  const nextFrame = () => new Promise(requestAnimationFrame);
  let longest = 0;
  let last = await nextFrame();
  for (let frame = 0; frame < ${SCROLL_FRAMES}; frame += 1) {
    scroller.scrollTop += 400;
    const now = await nextFrame();
    longest = Math.max(longest, now - last);
    last = now;
  }
  return longest;
})()`;
