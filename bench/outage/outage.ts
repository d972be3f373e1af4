import { NODE_ARGUMENTS } from '../../src/cli/launcher/node-arguments.ts';
import { BenchProcess } from '../bench-process.ts';
import { type Contender, LOAD_CORE, type Round, startContender } from '../contender.ts';
import { OBSERVED } from '../cost/cost-variants.ts';
import { median, table } from '../table.ts';
import type { FailingReady } from './failing-receivers.ts';
import { STATES } from './states.ts';

/** Requests per second in a turn: less than half of what the core serves. */
const RATE = 3000;
const SERVER = new URL('../cost/observed-server.ts', import.meta.url);

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
  const fork = <Ready>(path: string) =>
    new BenchProcess<Ready>(new URL(path, import.meta.url), { core: LOAD_CORE });
  const receivers = fork<FailingReady>('./failing-receivers.ts');
  const load = fork('../load.ts');
  const [environments] = await Promise.all([receivers.ready, load.ready]);
  const contenders = await Promise.all(
    environments.map((env) =>
      startContender(load, { module: SERVER, execArgv: NODE_ARGUMENTS, env: { ...OBSERVED, ...env } }),
    ),
  );
  for (const contender of contenders) await contender.warmUp(warmUp);
  await receivers.ask({ command: 'fail' });
  await takeTurns(contenders, rounds);
  for (const contender of contenders) await contender.warmUp(warmUp);
  await takeTurns(contenders, rounds);
  await Promise.all([...contenders, load, receivers].map((process) => process.stop()));
  return report(contenders, rounds);
}

async function takeTurns(contenders: readonly Contender[], rounds: number): Promise<void> {
  for (let round = 0; round < rounds; round += 1) {
    for (const contender of contenders) await contender.measure({ rate: RATE });
  }
}

/** Returns a table of medians. The ratio to all systems up is computed per round. */
function report(contenders: readonly Contender[], rounds: number): string {
  const up = contenders[0]?.rounds ?? [];
  const ratioOf = (measured: readonly Round[], from: number) =>
    median(measured.map(({ cpuMicros }, index) => cpuMicros / (up[from + index]?.cpuMicros ?? Number.NaN)));
  const rows = contenders.map((contender, index) => {
    const filling = contender.rounds.slice(0, rounds);
    const full = contender.rounds.slice(rounds);
    const ratios = [ratioOf(filling, 0), ratioOf(full, rounds)];
    return [
      STATES[index] ?? '',
      ...[filling, full].map((measured) => median(measured.map(({ cpuMicros }) => cpuMicros)).toFixed(0)),
      ...ratios.map((ratio) => ratio.toFixed(2)),
      `1.0${Math.max(...ratios) <= 1 ? '' : ' (missed)'}`,
      median(full.map(({ p99Ms }) => p99Ms)).toFixed(0),
      (median(full.map(({ rssBytes }) => rssBytes)) / 1e6).toFixed(0),
    ];
  });
  return table(
    ['all four', 'CPU µs, filling', 'full', '× up, filling', 'full', 'budget', 'p99 ms', 'RSS MB'],
    rows,
  );
}
