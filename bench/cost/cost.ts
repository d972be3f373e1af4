import { NODE_ARGUMENTS } from '../../src/cli/launcher/node-arguments.ts';
import { BenchProcess } from '../bench-process.ts';
import { LOAD_CORE, startContender } from '../contender.ts';
import { costReport } from './cost-report.ts';
import { variants } from './cost-variants.ts';
import type { ReceiversReady } from './receivers.ts';

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
  const results = await Promise.all(
    variants(ruleSampling, fullSampling).map(async (variant) => {
      const module = new URL(variant.server, import.meta.url);
      const execArgv = variant.server === './observed-server.ts' ? NODE_ARGUMENTS : [];
      const contender = await startContender(load, { module, execArgv, env: variant.env });
      return { variant, contender, rounds: contender.rounds };
    }),
  );
  for (const { contender } of results) await contender.warmUp(warmUp);
  for (let round = 0; round < rounds; round += 1) {
    for (const { contender } of results) await contender.measure();
  }
  await Promise.all([...results.map(({ contender }) => contender.stop()), load.stop(), receivers.stop()]);
  return costReport(results);
}
