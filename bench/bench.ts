import { parseArgs } from 'node:util';
import { BenchProcess } from './bench-process.ts';
import type { LoadOrder, LoadResult } from './load.ts';
import type { ReceiversReady } from './receivers.ts';
import { printReport, type Round } from './report.ts';
import type { ServerReady, Usage } from './serve.ts';
import { type Variant, variants } from './variants.ts';

const SERVER_CORE = 0;
const LOAD_CORE = 1;

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '20' },
    /** Requests before the first round: young code is still being compiled, on threads whose time counts. */
    'warm-up': { type: 'string', default: '40000' },
  },
});

const receivers = new BenchProcess<ReceiversReady>('./receivers.ts', { core: LOAD_CORE });
const load = new BenchProcess('./load.ts', { core: LOAD_CORE });
const { seed, all } = await receivers.ready;
await load.ready;

const contenders = await Promise.all(variants(seed, all).map(start));
for (const { url } of contenders) await run({ url, requests: Number(values['warm-up']) });
for (const contender of contenders) await measure(contender);
for (let round = 0; round < Number(values.rounds); round += 1) {
  for (const contender of contenders) contender.rounds.push(await measure(contender));
}
await Promise.all([...contenders.map(({ server }) => server.stop()), load.stop(), receivers.stop()]);
process.exitCode = printReport(contenders) ? 0 : 1;

interface Contender {
  readonly variant: Variant;
  readonly server: BenchProcess<ServerReady>;
  readonly url: string;
  readonly rounds: Round[];
  cpuMicros: number;
}

async function start(variant: Variant): Promise<Contender> {
  const observed = variant.server === './observed-server.ts';
  const server = new BenchProcess<ServerReady>(variant.server, {
    core: SERVER_CORE,
    execArgv: observed ? ['--import', new URL('../src/telemetry.ts', import.meta.url).href] : [],
    env: variant.env,
  });
  const { port } = await server.ready;
  const url = `http://127.0.0.1:${port}/api/activities/home`;
  return { variant, server, url, rounds: [], cpuMicros: 0 };
}

/** Loads one server for a second while the others idle. What its queues sent since its last turn counts too. */
async function measure(contender: Contender): Promise<Round> {
  const result = await run({ url: contender.url, seconds: 1 });
  const { cpuMicros, rssBytes } = await contender.server.ask<Usage>({ command: 'usage' });
  const spent = cpuMicros - contender.cpuMicros;
  contender.cpuMicros = cpuMicros;
  return { ...result, cpuMicros: spent / result.requests, rssBytes };
}

async function run(order: Omit<LoadOrder, 'command'>): Promise<LoadResult> {
  const result = await load.ask<LoadResult>({ command: 'load', ...order } satisfies LoadOrder);
  if (result.failures > 0) throw new Error(`${result.failures} requests failed at ${order.url}`);
  return result;
}
