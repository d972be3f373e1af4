import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TraceSummary } from '../src/api/types.ts';
import { launchChromium } from '../test/helpers/chromium.ts';

/** `npm run screenshots`: starts the whole project, sends requests, and takes the pictures for the README. */
const API = 'http://127.0.0.1:4567';
const CONSOLE = 'http://127.0.0.1:4568';
const OUTAGE = 'http://127.0.0.1:4566';
const ROOT = join(import.meta.dirname, '../..');
const SIZE = { width: 1440, height: 900 };

const dataDir = await mkdtemp(join(tmpdir(), 'cruddur-screenshots-'));
const start = run(['src/cli/start.ts'], { DATA_DIR: dataDir });
await answers(`${API}/api/activities/home`);

/** The same service without a database, for a request that fails. */
const { variables } = (await (await fetch(`${CONSOLE}/api/status`)).json()) as {
  variables: Record<string, string>;
};
const outage = run(['--import', './src/telemetry.ts', 'src/main.ts'], {
  ...variables,
  PORT: '4566',
  DATABASE_URL: 'postgres://127.0.0.1:1/cruddur',
  OTEL_BSP_SCHEDULE_DELAY: '500',
});
await answers(`${OUTAGE}/livez`);
await sendRequests();
const failed =
  (await fetch(`${OUTAGE}/api/activities/home`)).headers.get('traceresponse')?.split('-')[1] ?? '';
await traceIsWhole(failed, ['span', 'segment', 'log', 'error']);
await sleep(2000);

const browser = await launchChromium();
for (const colorScheme of ['light', 'dark'] as const) {
  const page = await browser.newPage({ viewport: SIZE, colorScheme });
  await page.goto(CONSOLE);
  await page.locator('a[href*="/trace/"]').first().waitFor();
  await page.screenshot({ path: join(ROOT, `docs/console-list-${colorScheme}.png`) });
  await page.goto(`${CONSOLE}/trace/${failed}`);
  await page.getByText('home-activities').first().waitFor();
  await page.screenshot({ path: join(ROOT, `docs/console-request-${colorScheme}.png`) });
  await page.close();
}
await browser.close();
await Promise.all([start, outage].map(stop));
await rm(dataDir, { recursive: true });

async function sendRequests(): Promise<void> {
  const post = (path: string, body: object) =>
    fetch(`${API}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  for (let round = 0; round < 12; round += 1) {
    await fetch(`${API}/api/activities/home`);
    await fetch(`${API}/api/activities/@andrewbrown`);
    await fetch(`${API}/api/activities/search?term=cloud`);
    await fetch(`${API}/api/message_groups`);
    await post('/api/activities', { message: `Shields up! ${round}`, ttl: '1-hour' });
    if (round % 3 === 0) await fetch(`${API}/api/activities/@nobody`);
    if (round % 4 === 0) await post('/api/activities', { message: '' });
    if (round % 5 === 0) await fetch(`${API}/rollbar/test`);
    await sleep(150);
  }
}

async function traceIsWhole(id: string, parts: readonly string[]): Promise<TraceSummary> {
  const has = parts.map((part) => `has=${part}`).join('&');
  const answer = await fetch(`${CONSOLE}/api/traces/${id}?wait=20s&${has}`);
  if (!answer.ok) throw new Error(`the trace of the failed request: ${await answer.text()}`);
  return ((await answer.json()) as { summary: TraceSummary }).summary;
}

function run(args: readonly string[], env: Record<string, string>) {
  return spawn(process.execPath, args, {
    cwd: ROOT,
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

async function stop(child: ReturnType<typeof run>): Promise<void> {
  const exit = once(child, 'exit');
  child.kill('SIGTERM');
  await exit;
}

async function answers(url: string): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const answer = await fetch(url).catch(() => undefined);
    if (answer?.ok) return;
    await sleep(100);
  }
  throw new Error(`${url} does not answer`);
}
