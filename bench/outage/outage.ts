import { type Round, startContender, startLoad, startOnLoadCore, stopAll } from '../comparison/contender.ts';
import { takeTurns } from '../comparison/take-turns.ts';
import { observedServer } from '../cost/own-rows.ts';
import { median, table, withBudget } from '../table.ts';
import type { FailingReady } from './failing-receivers.ts';
import { STATES } from './states.ts';

/** Requests per second in a turn: less than half of what the core serves. */
const RATE = 3000;
/** No state may be dearer than all systems up. */
const BUDGET = 1;

export interface OutageOptions {
  /** Turns of each server while its queues fill, and again once they are full. */
  readonly rounds: number;
  /** Requests per server before the systems fail, and again to fill the queues. */
  readonly warmUp: number;
}

/**
 * Measures the CPU time of a request while all four systems are up, refuse connections, never answer, or
 * answer 503. They fail once the servers are warm; the queues fill then, which is measured separately. The
 * servers take turns of one second at the same rate, so that noise affects all of them. Retries between the
 * turns of a server are counted in its next one.
 */
export async function measureOutage({ rounds, warmUp }: OutageOptions): Promise<string> {
  const receivers = startOnLoadCore<FailingReady>(new URL('./failing-receivers.ts', import.meta.url));
  const load = await startLoad();
  const environments = await receivers.ready;
  const contenders = await Promise.all(environments.map((env) => startContender(load, observedServer(env))));
  for (const contender of contenders) await contender.warmUp(warmUp);
  await receivers.ask({ command: 'fail' });
  const filling = await takeTurns(contenders, rounds, { rate: RATE });
  for (const contender of contenders) await contender.warmUp(warmUp);
  const full = await takeTurns(contenders, rounds, { rate: RATE });
  await stopAll(contenders, [load, receivers]);
  return report(filling, full);
}

/** Returns a table of medians. The ratio to all systems up is computed per round. */
function report(filling: readonly Round[][], full: readonly Round[][]): string {
  const rows = STATES.map((state, index) => [
    state,
    ...[filling, full].flatMap((phase) => cpuCells(phase[index] ?? [], phase[0] ?? [])),
    median((full[index] ?? []).map(({ p99Ms }) => p99Ms)).toFixed(1),
    (median((full[index] ?? []).map(({ rssBytes }) => rssBytes)) / 1e6).toFixed(0),
  ]);
  return table(
    ['all four', 'CPU µs, filling', '× up', 'CPU µs, full', '× up', 'p99 ms, full', 'RSS MB'],
    rows,
  );
}

function cpuCells(rounds: readonly Round[], up: readonly Round[]): string[] {
  const ratios = rounds.map(({ cpuMicros }, index) => cpuMicros / (up[index]?.cpuMicros ?? Number.NaN));
  const budget = rounds === up ? undefined : BUDGET;
  return [median(rounds.map(({ cpuMicros }) => cpuMicros)).toFixed(0), withBudget(median(ratios), 2, budget)];
}
