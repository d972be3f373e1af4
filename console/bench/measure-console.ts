import { chromiumPath } from '../test/helpers/chromium.ts';
import { startConsoleProcess } from './console-process.ts';
import { ingest } from './ingest.ts';
import { measurePage } from './measure-page.ts';

const STARTS = 5;
const RATE = 5_000;
const SECONDS = 60;

/** Measures start-up, ingest and, in a real browser, the page. Returns a Markdown table. */
export async function measureConsole(): Promise<string> {
  const starts: number[] = [];
  for (let time = 0; time < STARTS; time += 1) starts.push(await timeToReady());

  const console = await startConsoleProcess();
  const page = chromiumPath === undefined ? undefined : await measurePage(console.url);
  const { spansPerSecond, linesPerSecond, lost, highestRssBytes } = await ingest(console, {
    perSecond: RATE,
    seconds: SECONDS,
  });
  await console.end();

  return table(
    ['the console', 'measured', 'wanted'],
    [
      ['ready, ms', ...atMost(median(starts), 500)],
      [`spans a second, for ${SECONDS} s`, ...atLeast(spansPerSecond, RATE)],
      [`log lines a second, at the same time`, ...atLeast(linesPerSecond, RATE)],
      ['lost of these', ...atMost(lost, 0)],
      ['RSS with a full journal, MB', ...atMost(highestRssBytes / 1e6, 250)],
      ['page, kB compressed', ...ofPage(page && page.weightBytes / 1000, 150)],
      ['from the last byte to the row, ms', ...ofPage(page?.visibleMs, 300)],
      ['longest frame while 5,000 rows scroll, ms', ...ofPage(page?.longestFrameMs, 50)],
    ],
  );
}

async function timeToReady(): Promise<number> {
  const start = performance.now();
  const console = await startConsoleProcess();
  await fetch(console.url);
  const ms = performance.now() - start;
  await console.end();
  return ms;
}

function atMost(value: number, limit: number): [string, string] {
  return [value.toFixed(0), `at most ${limit}${value <= limit ? '' : ' (missed)'}`];
}

function atLeast(value: number, limit: number): [string, string] {
  // The sender's clock sets the rate, and a batch may be a little late.
  return [value.toFixed(0), `at least ${limit}${value >= limit * 0.99 ? '' : ' (missed)'}`];
}

function ofPage(value: number | undefined, limit: number): [string, string] {
  return value === undefined
    ? ['not measured: there is no Chromium', `at most ${limit}`]
    : atMost(value, limit);
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, head.map(() => '---'), ...rows];
  return lines.map((cells) => `| ${cells.join(' | ')} |\n`).join('');
}
