import { NODE_ARGUMENTS } from '../../src/cli/launcher/node-arguments.ts';
import { BenchProcess } from '../bench-process.ts';
import type { LoadOrder, LoadResult } from '../load.ts';
import type { ServerReady, Usage } from '../serve.ts';
import { costReport, type Round } from './cost-report.ts';
import { type Variant, variants } from './cost-variants.ts';
import type { ReceiversReady } from './receivers.ts';

const SERVER_CORE = 0;
const LOAD_CORE = 1;

export interface CostOptions {
  readonly rounds: number;
  /** Requests per server before the first round, because compiling code costs CPU time too. */
  readonly warmUp: number;
}

/**
 * Measures the cost of observability: bare Express, the service with the sinks off, with all four at the
 * default sampling, and with all four at 100 %. The servers take turns of one second, so that noise affects
 * all of them. They share one core; load and receivers use the other. The rows of the feed are constant: SQL
 * is not measured.
 */
export async function measureCost({ rounds, warmUp }: CostOptions): Promise<string> {
  const receivers = new BenchProcess<ReceiversReady>(new URL('./receivers.ts', import.meta.url), {
    core: LOAD_CORE,
  });
  const load = new BenchProcess(new URL('../load.ts', import.meta.url), { core: LOAD_CORE });
  const { ruleSampling, fullSampling } = await receivers.ready;
  await load.ready;
  const contenders = await Promise.all(variants(ruleSampling, fullSampling).map(start));
  for (const { url } of contenders) await run(load, { url, requests: warmUp });
  for (const contender of contenders) await measure(load, contender);
  for (let round = 0; round < rounds; round += 1) {
    for (const contender of contenders) contender.rounds.push(await measure(load, contender));
  }
  await Promise.all([...contenders.map(({ server }) => server.stop()), load.stop(), receivers.stop()]);
  return costReport(contenders);
}

interface Contender {
  readonly variant: Variant;
  readonly server: BenchProcess<ServerReady>;
  readonly url: string;
  readonly rounds: Round[];
  cpuMicros: number;
}

async function start(variant: Variant): Promise<Contender> {
  const observed = variant.server === './observed-server.ts';
  const server = new BenchProcess<ServerReady>(new URL(variant.server, import.meta.url), {
    core: SERVER_CORE,
    execArgv: observed ? NODE_ARGUMENTS : [],
    env: variant.env,
  });
  const { port } = await server.ready;
  const url = `http://127.0.0.1:${port}/api/activities/home`;
  return { variant, server, url, rounds: [], cpuMicros: 0 };
}

/** Loads one server for a second; the others are idle. Counts what its queues sent since its last turn. */
async function measure(load: BenchProcess<unknown>, contender: Contender): Promise<Round> {
  const result = await run(load, { url: contender.url, seconds: 1 });
  const { cpuMicros, rssBytes } = await contender.server.ask<Usage>({ command: 'usage' });
  const spent = cpuMicros - contender.cpuMicros;
  contender.cpuMicros = cpuMicros;
  return { ...result, cpuMicros: spent / result.requests, rssBytes };
}

async function run(load: BenchProcess<unknown>, order: Omit<LoadOrder, 'command'>): Promise<LoadResult> {
  const result = await load.ask<LoadResult>({ command: 'load', ...order } satisfies LoadOrder);
  if (result.failures > 0) throw new Error(`${result.failures} requests failed at ${order.url}`);
  return result;
}
