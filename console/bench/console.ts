import { BenchProcess } from '../../bench/bench-process.ts';
import { median, table } from '../../bench/table.ts';
import { chromiumPath } from '../test/helpers/chromium.ts';
import { ingest } from './ingest.ts';
import { measurePage } from './page.ts';

const CONSOLE_CORE = 0;
const STARTS = 5;
const RATE = 5_000;
const SECONDS = 60;

interface Ready {
  readonly url: string;
}

/** The local console, on one core: how soon it is ready, what it takes in, and how its page does in a real browser. */
export async function measureConsole(): Promise<string> {
  const starts: number[] = [];
  for (let time = 0; time < STARTS; time += 1) starts.push(await timeToReady());

  const console = startConsole();
  const { url } = await console.ready;
  const page = chromiumPath === undefined ? undefined : await measurePage(url);
  const { spansPerSecond, linesPerSecond, lost, highestRssBytes } = await ingest(url, console.pid, {
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

function startConsole(): BenchProcess<Ready> {
  return new BenchProcess<Ready>('../src/main.ts', {
    core: CONSOLE_CORE,
    execArgv: ['--disable-warning=ExperimentalWarning'],
    env: { CONSOLE_PORT: '0', CONSOLE_XRAY_PORT: '0' },
  });
}

async function timeToReady(): Promise<number> {
  const start = performance.now();
  const console = startConsole();
  const { url } = await console.ready;
  await fetch(url);
  const ms = performance.now() - start;
  await console.end();
  return ms;
}

function atMost(value: number, limit: number): [string, string] {
  return [value.toFixed(0), `at most ${limit}${value <= limit ? '' : ' (missed)'}`];
}

function atLeast(value: number, limit: number): [string, string] {
  // The clock of the sender is what the rate is kept by, and a batch may come a little late.
  return [value.toFixed(0), `at least ${limit}${value >= limit * 0.99 ? '' : ' (missed)'}`];
}

function ofPage(value: number | undefined, limit: number): [string, string] {
  return value === undefined
    ? ['not measured: there is no Chromium', `at most ${limit}`]
    : atMost(value, limit);
}
