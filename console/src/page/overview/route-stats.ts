import type { TraceSummary } from '../../api/types.ts';
import { routeOf } from '../list/filters.ts';

export interface Latency {
  readonly count: number;
  readonly failures: number;
  /** In milliseconds; undefined when no request has a duration. */
  readonly p50: number | undefined;
  readonly p95: number | undefined;
  readonly p99: number | undefined;
}

export interface RouteStats extends Latency {
  readonly method: string;
  readonly route: string;
  /** The window in equal parts, oldest first. */
  readonly slices: readonly Latency[];
}

/** Returns the latency and failures per route over the last `windowMs`, busiest route first. */
export function statsByRoute(
  traces: readonly TraceSummary[],
  { now, windowMs, slices }: { now: number; windowMs: number; slices: number },
): RouteStats[] {
  const start = now - windowMs;
  const recent = traces.filter(({ startedAt }) => startedAt > start && startedAt <= now);
  const groups = Map.groupBy(recent, (trace) => `${trace.method ?? ''} ${routeOf(trace)}`);
  return [...groups.values()]
    .map((group) => {
      const sliced = Map.groupBy(group, ({ startedAt }) => sliceAt((startedAt - start) / windowMs, slices));
      const [first] = group;
      return {
        method: first?.method ?? '',
        route: first ? routeOf(first) : '',
        ...latencyOf(group),
        slices: Array.from({ length: slices }, (_, index) => latencyOf(sliced.get(index) ?? [])),
      };
    })
    .sort((a, b) => b.count - a.count || a.route.localeCompare(b.route));
}

function latencyOf(traces: readonly TraceSummary[]): Latency {
  const durations = traces.flatMap(({ durationMs }) => durationMs ?? []).sort((a, b) => a - b);
  return {
    count: traces.length,
    failures: traces.filter(({ failed }) => failed).length,
    p50: percentile(durations, 0.5),
    p95: percentile(durations, 0.95),
    p99: percentile(durations, 0.99),
  };
}

/** Nearest-rank percentile: always the duration of a real request. */
function percentile(ascending: readonly number[], share: number): number | undefined {
  return ascending[Math.max(0, Math.ceil(share * ascending.length) - 1)];
}

function sliceAt(share: number, slices: number): number {
  return Math.min(slices - 1, Math.floor(share * slices));
}
