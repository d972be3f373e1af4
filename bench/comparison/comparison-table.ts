import { median, table, withBudget } from '../table.ts';
import type { Round } from './contender.ts';
import type { HalfLoad } from './take-turns.ts';

/** The most that a server of this project may take. */
export interface Budgets {
  /** CPU time per request, as a multiple of the first row's. */
  readonly cpu: number;
  /** CPU time per request, as a multiple of another row's. */
  readonly cpuBeside?: Readonly<Record<string, number>>;
}

/** The p99 at half load, as a multiple of the first row's at the same rate. */
const P99_BUDGET = 1.5;
const RSS_BUDGET_MB = 180;

export interface ComparedRow {
  readonly name: string;
  /** Default: none, also of latency and memory. */
  readonly budgets?: Budgets | undefined;
  /** At saturation. */
  readonly rounds: readonly Round[];
  readonly half?: HalfLoad | undefined;
}

type Column = readonly [head: string, cell: (row: ComparedRow) => string];

/**
 * Returns a table of medians, one row per server. Ratios are computed per round: to the first row, and to the
 * rows named `besides`. Memory is the largest at the end of a round.
 */
export function comparisonTable(rows: readonly ComparedRow[], besides: readonly string[] = []): string {
  const columns: Column[] = [
    ['', ({ name }) => name],
    ['CPU µs per request', ({ rounds }) => median(rounds.map(({ cpuMicros }) => cpuMicros)).toFixed(0)],
    [`× ${rows[0]?.name}`, (row) => withBudget(cpuRatio(row, rows[0]), 2, row.budgets?.cpu)],
    ...besides.map((name): Column => besideColumn(name, rows)),
    [
      'requests/s',
      ({ rounds }) => median(rounds.map(({ requestsPerSecond }) => requestsPerSecond)).toFixed(0),
    ],
    ...(rows.some(({ half }) => half) ? latencyColumns(rows[0]?.name ?? '') : []),
    [
      'largest RSS MB',
      ({ rounds, budgets }) =>
        withBudget(Math.max(...rounds.map(({ rssBytes }) => rssBytes)) / 1e6, 0, budgets && RSS_BUDGET_MB),
    ],
  ];
  return table(
    columns.map(([head]) => head),
    rows.map((row) => columns.map(([, cell]) => cell(row))),
  );
}

function besideColumn(name: string, rows: readonly ComparedRow[]): Column {
  const base = rows.find((row) => row.name === name);
  return [`× ${name}`, (row) => withBudget(cpuRatio(row, base), 2, row.budgets?.cpuBeside?.[name])];
}

function latencyColumns(base: string): readonly Column[] {
  const p99 = (pick: (half: HalfLoad) => readonly number[]): Column[1] => {
    return ({ half }) => (half ? median(pick(half)).toFixed(2) : '');
  };
  return [
    ['half load, requests/s', ({ half }) => half?.rate.toFixed(0) ?? ''],
    ['p99 ms at half load', p99(({ p99Ms }) => p99Ms)],
    [`p99 ms of ${base} at that rate`, p99(({ baseP99Ms }) => baseP99Ms)],
    [
      `p99 × ${base}`,
      ({ half, budgets }) =>
        half ? withBudget(perRound(half.p99Ms, half.baseP99Ms), 2, budgets && P99_BUDGET) : '',
    ],
  ];
}

function cpuRatio(row: ComparedRow, base: ComparedRow | undefined): number {
  const cpu = (compared: ComparedRow | undefined) => compared?.rounds.map(({ cpuMicros }) => cpuMicros) ?? [];
  return perRound(cpu(row), cpu(base));
}

function perRound(values: readonly number[], bases: readonly number[]): number {
  return median(values.map((value, index) => value / (bases[index] ?? Number.NaN)));
}
