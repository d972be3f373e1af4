import { parseArgs } from 'node:util';
import { BenchProcess } from './bench-process.ts';
import type { LoadOrder, LoadResult } from './load.ts';
import type { ReceiversReady } from './receivers.ts';
import { printReport, type Round } from './report.ts';
import type { ServerReady, Usage } from './serve.ts';
import { type Variant, variants } from './variants.ts';

const SERVER_CORE = 0;
const LOAD_CORE = 1;
const SETTLE_MS = 1500;

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '5' }, seconds: { type: 'string', default: '4' } },
});
const rounds = Number(values.rounds);
const seconds = Number(values.seconds);

const receivers = new BenchProcess<ReceiversReady>('./receivers.ts', { core: LOAD_CORE });
const load = new BenchProcess('./load.ts', { core: LOAD_CORE });
const { seed, all } = await receivers.ready;
await load.ready;

const contenders = await Promise.all(variants(seed, all).map(start));
for (const contender of contenders) await measure(contender, 2);
for (let round = 1; round <= rounds; round += 1) {
  for (const contender of contenders) contender.rounds.push(await measure(contender, seconds));
  process.stderr.write(`round ${round} of ${rounds}\n`);
}
await Promise.all(contenders.map(({ process }) => process.stop()));
await Promise.all([load.stop(), receivers.stop()]);
process.exitCode = printReport(contenders) ? 0 : 1;

interface Contender {
  readonly variant: Variant;
  readonly process: BenchProcess<ServerReady>;
  readonly url: string;
  readonly rounds: Round[];
}

async function start(variant: Variant): Promise<Contender> {
  const observed = variant.server === './observed-server.ts';
  const server = new BenchProcess<ServerReady>(variant.server, {
    core: SERVER_CORE,
    execArgv: observed ? ['--import', new URL('../src/telemetry.ts', import.meta.url).href] : [],
    env: variant.env,
  });
  const { port } = await server.ready;
  return { variant, process: server, url: `http://127.0.0.1:${port}/api/activities/home`, rounds: [] };
}

/** Loads one server while the others idle; what its queues still send afterwards counts too. */
async function measure({ process: server, url }: Contender, forSeconds: number): Promise<Round> {
  const before = await server.ask<Usage>({ command: 'usage' });
  const order: LoadOrder = { command: 'load', url, seconds: forSeconds, connections: 20 };
  const result = await load.ask<LoadResult>(order);
  if (result.failures > 0) throw new Error(`${result.failures} requests failed at ${url}`);
  await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
  const after = await server.ask<Usage>({ command: 'usage' });
  return {
    cpuMicros: (after.cpuMicros - before.cpuMicros) / result.requests,
    requestsPerSecond: result.requestsPerSecond,
    p99Ms: result.p99Ms,
    rssBytes: after.rssBytes,
  };
}
