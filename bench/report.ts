import type { Variant } from './variants.ts';

/** One variant under load once. */
export interface Round {
  readonly cpuMicros: number;
  readonly requestsPerSecond: number;
  readonly p99Ms: number;
  readonly rssBytes: number;
}

/** Prints a line a variant, medians over the rounds; ratios are taken within each round. True if all budgets hold. */
export function printReport(results: readonly { variant: Variant; rounds: readonly Round[] }[]): boolean {
  const bare = results[0]?.rounds ?? [];
  const rows = results.map(({ variant, rounds }) => {
    const ratio = median(rounds.map((round, at) => round.cpuMicros / (bare[at]?.cpuMicros ?? Number.NaN)));
    return {
      variant: variant.name,
      'CPU µs a request': round(median(rounds.map(({ cpuMicros }) => cpuMicros)), 1),
      '× bare': round(ratio, 2),
      'at most': variant.budget,
      'requests/s': round(median(rounds.map(({ requestsPerSecond }) => requestsPerSecond)), 0),
      'p99 ms': round(median(rounds.map(({ p99Ms }) => p99Ms)), 1),
      'RSS MB': round(median(rounds.map(({ rssBytes }) => rssBytes)) / 1e6, 0),
      held: ratio <= variant.budget,
    };
  });
  process.stdout.write(`${rows.map((row) => JSON.stringify(row)).join('\n')}\n`);
  return rows.every(({ held }) => held);
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
