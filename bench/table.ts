/** Returns a Markdown table. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, head.map(() => '---'), ...rows];
  return lines.map((cells) => `| ${cells.join(' | ')} |\n`).join('');
}

/** Returns the median by the nearest-rank method; NaN for no values. */
export function median(values: readonly number[]): number {
  return percentile(values, 50);
}

/** Returns a percentile (0 to 100) by the nearest-rank method; NaN for no values. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)] ?? Number.NaN;
}

/** Returns a measured value with the most that it may be; without a budget, the value alone. */
export function withBudget(value: number, digits: number, budget?: number): string {
  if (budget === undefined) return value.toFixed(digits);
  const missed = value <= budget ? '' : ' (missed)';
  return `${value.toFixed(digits)}, at most ${budget}${missed}`;
}
