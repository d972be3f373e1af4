import { comparisonTable } from '../comparison/comparison-table.ts';
import {
  type ContenderOptions,
  startContender,
  startLoad,
  startOnLoadCore,
  stopAll,
} from '../comparison/contender.ts';
import { takeTurns, takeTurnsAtHalfLoad } from '../comparison/take-turns.ts';
import { OWN_ROWS, observedServer } from './own-rows.ts';
import type { ReceiversReady } from './receivers.ts';

export interface CostOptions {
  readonly rounds: number;
  /** Requests per server before the first round, because compiling code costs CPU time too. */
  readonly warmUp: number;
}

const BARE = { name: 'bare Express', budgets: undefined };

/**
 * Measures the cost of observability: bare Express, and this API in each of its configurations. The servers
 * take turns of one second, so that noise affects all of them: first at saturation, then at half of that.
 * They share one core; load and receivers use the other. The rows of the feed are constant: SQL is not
 * measured.
 */
export async function measureCost({ rounds, warmUp }: CostOptions): Promise<string> {
  const receivers = startOnLoadCore<ReceiversReady>(new URL('./receivers.ts', import.meta.url));
  const load = await startLoad();
  const contenders = await Promise.all(
    servers(await receivers.ready).map((options) => startContender(load, options)),
  );
  for (const contender of contenders) await contender.warmUp(warmUp);
  const saturated = await takeTurns(contenders, rounds);
  const halves = await takeTurnsAtHalfLoad(contenders, saturated, rounds);
  await stopAll(contenders, [load, receivers]);
  return comparisonTable(
    [BARE, ...OWN_ROWS].map(({ name, budgets }, index) => ({
      name,
      budgets,
      rounds: saturated[index] ?? [],
      half: halves[index],
    })),
  );
}

/** In the order of the table. */
function servers({ ruleSampling, fullSampling }: ReceiversReady): ContenderOptions[] {
  return [
    { module: new URL('./bare-server.ts', import.meta.url), env: {} },
    ...OWN_ROWS.map(({ systems, samplesAll }) =>
      observedServer(systems(samplesAll ? fullSampling : ruleSampling)),
    ),
  ];
}
