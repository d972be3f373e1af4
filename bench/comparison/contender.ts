import { BenchProcess } from '../bench-process.ts';
import type { LoadOrder, LoadResult } from '../load/load.ts';
import type { ServerReady, Usage } from '../serve.ts';

/** The servers under test share this core; load and receivers use the other. */
const SERVER_CORE = 0;
const LOAD_CORE = 1;

/** How a turn loads its server. */
export type Turn = Pick<LoadOrder, 'rate' | 'requests' | 'settleSeconds' | 'sleeps'>;

/** The measurements of one server under load for one second. */
export interface Round {
  readonly requests: number;
  readonly cpuMicros: number;
  readonly requestsPerSecond: number;
  readonly p99Ms: number;
  readonly rssBytes: number;
}

export interface ContenderOptions {
  readonly module: URL;
  readonly execArgv?: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** One of several servers that take turns under load. */
export interface Contender {
  /** Sends requests until `requests` are answered, which no round counts. */
  warmUp(requests: number): Promise<void>;
  /** Loads the server for a second, or with `requests`. The work since its last turn is included. */
  measure(turn?: Turn): Promise<Round>;
  stop(): Promise<void>;
}

/** Starts a process beside the load, or the load itself. */
export function startOnLoadCore<Ready>(module: URL): BenchProcess<Ready> {
  return new BenchProcess<Ready>(module, { core: LOAD_CORE });
}

export async function startLoad(): Promise<BenchProcess<unknown>> {
  const load = startOnLoadCore(new URL('../load/load.ts', import.meta.url));
  await load.ready;
  return load;
}

/** Stops the servers while their receivers can still take what they have left, and then the others. */
export async function stopAll(
  contenders: readonly Contender[],
  others: readonly BenchProcess<unknown>[],
): Promise<void> {
  await Promise.all(contenders.map((contender) => contender.stop()));
  await Promise.all(others.map((other) => other.stop()));
}

/** Starts a server. `load` is the process that loads it. */
export async function startContender(
  load: BenchProcess<unknown>,
  { module, execArgv = [], env }: ContenderOptions,
): Promise<Contender> {
  const server = new BenchProcess<ServerReady>(module, { core: SERVER_CORE, execArgv, env });
  const { port } = await server.ready;
  const url = `http://127.0.0.1:${port}/api/activities/home`;
  let spentMicros = 0;

  async function run(order: Omit<LoadOrder, 'command' | 'url'>): Promise<LoadResult> {
    const result = await load.ask<LoadResult>({ command: 'load', url, ...order } satisfies LoadOrder);
    if (result.failures > 0) throw new Error(`${result.failures} requests failed at ${url}`);
    return result;
  }

  async function spend(): Promise<{ spent: number; rssBytes: number }> {
    const { cpuMicros, rssBytes } = await server.ask<Usage>({ command: 'usage' });
    const spent = cpuMicros - spentMicros;
    spentMicros = cpuMicros;
    return { spent, rssBytes };
  }

  return {
    async warmUp(requests) {
      await run({ requests });
      await run({ seconds: 1 });
      await spend();
    },
    async measure(turn = {}) {
      const result = await run(turn);
      const { spent, rssBytes } = await spend();
      return { ...result, cpuMicros: spent / result.requests, rssBytes };
    },
    stop: () => server.stop(),
  };
}
