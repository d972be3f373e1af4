import type { Round } from '../contender.ts';
import { median, table } from '../table.ts';
import type { Variant } from './cost-variants.ts';

/** Returns a table of medians, one row per variant. The ratio to bare Express is computed per round. */
export function costReport(results: readonly { variant: Variant; rounds: readonly Round[] }[]): string {
  const bare = results[0]?.rounds ?? [];
  const rows = results.map(({ variant, rounds }) => {
    const ratio = median(
      rounds.map((round, index) => round.cpuMicros / (bare[index]?.cpuMicros ?? Number.NaN)),
    );
    return [
      variant.name,
      median(rounds.map(({ cpuMicros }) => cpuMicros)).toFixed(0),
      ratio.toFixed(2),
      `${variant.budget.toFixed(1)}${ratio <= variant.budget ? '' : ' (missed)'}`,
      median(rounds.map(({ requestsPerSecond }) => requestsPerSecond)).toFixed(0),
      median(rounds.map(({ p99Ms }) => p99Ms)).toFixed(0),
      (median(rounds.map(({ rssBytes }) => rssBytes)) / 1e6).toFixed(0),
    ];
  });
  return table(['', 'CPU µs per request', '× bare', 'budget', 'requests/s', 'p99 ms', 'RSS MB'], rows);
}
