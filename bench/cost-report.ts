import type { Variant } from './cost-variants.ts';
import { median, table } from './table.ts';

/** One variant under load for a second. */
export interface Round {
  readonly cpuMicros: number;
  readonly requestsPerSecond: number;
  readonly p99Ms: number;
  readonly rssBytes: number;
}

/** A row a variant: medians over the rounds. A ratio to bare is taken within each round, and then their median. */
export function costReport(results: readonly { variant: Variant; rounds: readonly Round[] }[]): string {
  const bare = results[0]?.rounds ?? [];
  const rows = results.map(({ variant, rounds }) => {
    const ratio = median(rounds.map((round, at) => round.cpuMicros / (bare[at]?.cpuMicros ?? Number.NaN)));
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
  return table(['', 'CPU µs a request', '× bare', 'at most', 'requests/s', 'p99 ms', 'RSS MB'], rows);
}
