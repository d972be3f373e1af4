import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { NODE_ARGUMENTS } from '../src/cli/launcher/node-arguments.ts';
import { startPostgresServer } from '../test/helpers/database/postgres-server.ts';
import { LIMITS_OFF } from '../test/helpers/limits-off.ts';
import { freePort } from '../test/helpers/network/free-port.ts';
import { median, table } from './table.ts';

const ROOT = join(import.meta.dirname, '..');
const API = [...NODE_ARGUMENTS, join(ROOT, 'src/main.ts')];
const START = [join(ROOT, 'src/cli/start.ts')];
const REPETITIONS = 5;

/** Measures the time from the start of the process to the first response of the home feed. */
export async function measureStartUp(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'cruddur-bench-'));
  const postgres = await startPostgresServer();
  try {
    const alone = await repeat(API, { DATABASE_URL: postgres.url });
    const first = await timeToFeed(START, { DATA_DIR: folder });
    const again = await repeat(START, { DATA_DIR: folder });
    return table(
      ['', 's to the first response', 'budget'],
      [
        ['the API alone', seconds(alone), '1.5'],
        ['`npm start`, new database', seconds(first), '8'],
        ['`npm start`', seconds(again), '3'],
      ],
    );
  } finally {
    await postgres.close();
    await rm(folder, { recursive: true });
  }
}

async function repeat(args: readonly string[], env: Record<string, string>): Promise<number> {
  const times: number[] = [];
  for (let time = 0; time < REPETITIONS; time += 1) times.push(await timeToFeed(args, env));
  return median(times);
}

async function timeToFeed(args: readonly string[], env: Record<string, string>): Promise<number> {
  const port = await freePort();
  const start = performance.now();
  const child = spawn(process.execPath, args, {
    env: { PATH: process.env.PATH, PORT: String(port), ...LIMITS_OFF, ...env },
    cwd: tmpdir(),
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  await waitForResponse(`http://127.0.0.1:${port}/api/activities/home`, child);
  const ms = performance.now() - start;
  const exit = once(child, 'exit');
  child.kill('SIGTERM');
  await exit;
  return ms;
}

async function waitForResponse(url: string, child: ChildProcess): Promise<void> {
  while (child.exitCode === null) {
    const answer = await fetch(url).catch(() => undefined);
    if (answer?.ok) return;
    await sleep(10);
  }
  throw new Error(`${child.spawnargs.join(' ')} ended with code ${child.exitCode}`);
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(2);
}
