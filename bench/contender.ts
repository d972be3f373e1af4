import { BenchProcess } from './bench-process.ts';
import type { LoadOrder, LoadResult } from './load.ts';
import type { ServerReady, Usage } from './serve.ts';

/** The servers under test share this core; load and receivers use the other. */
const SERVER_CORE = 0;
export const LOAD_CORE = 1;

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
  readonly rounds: readonly Round[];
  /** Sends requests until `requests` are answered, which no round counts. */
  warmUp(requests: number): Promise<void>;
  /** Loads the server for a second, or with `requests`, and adds a round, in which the work since its last turn is included. */
  measure(order?: Pick<LoadOrder, 'rate' | 'requests'>): Promise<void>;
  stop(): Promise<void>;
}

/** Starts a server. `load` is the process of `load.ts`. */
export async function startContender(
  load: BenchProcess<unknown>,
  { module, execArgv = [], env }: ContenderOptions,
): Promise<Contender> {
  const server = new BenchProcess<ServerReady>(module, { core: SERVER_CORE, execArgv, env });
  const { port } = await server.ready;
  const url = `http://127.0.0.1:${port}/api/activities/home`;
  const rounds: Round[] = [];
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
    rounds,
    async warmUp(requests) {
      await run({ requests });
      await run({ seconds: 1 });
      await spend();
    },
    async measure(order = {}) {
      const result = await run({ seconds: 1, ...order });
      const { spent, rssBytes } = await spend();
      rounds.push({ ...result, cpuMicros: spent / result.requests, rssBytes });
    },
    stop: () => server.stop(),
  };
}
