import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { ConnectionPool } from './connection-pool.ts';

/** Requests in flight; later ones wait for a connection, which their latency includes. */
export const CONNECTIONS = 20;

export interface SteadyLoad {
  /** Requested in turn. All have the same origin. */
  readonly urls: readonly string[];
  /** Requests per second, evenly spread. A slow response does not delay later requests. */
  readonly rate: number;
  readonly seconds: number;
  /** Whether to spin between the requests, which takes a core; default: sleeps for a millisecond. */
  readonly awake?: boolean;
  /** Receives each failure. Default: throws it. */
  readonly onFailure?: (error: Error) => void;
}

/**
 * Sends requests at a fixed rate; resolves with the latencies in ms of those that did not fail. A status
 * other than 200 is a failure. A latency starts when the request was due if `awake`, so that it includes a
 * delay of the sender itself; else when it was sent, because a timer is up to a millisecond late.
 */
export async function steadyLoad(options: SteadyLoad): Promise<number[]> {
  const { urls, rate, seconds, awake = false, onFailure } = options;
  const targets = urls.map((url) => new URL(url));
  const paths = targets.map(({ pathname, search }) => pathname + search);
  const pool = new ConnectionPool(targets[0]?.host ?? '', CONNECTIONS);
  const total = Math.round(rate * seconds);
  const start = performance.now();
  const pending: Promise<number | undefined>[] = [];
  while (pending.length < total) {
    const now = performance.now();
    const due = Math.min(((now - start) / 1000) * rate, total);
    while (pending.length < due) {
      const index = pending.length;
      const from = awake ? start + (index * 1000) / rate : now;
      const latency = latencyOf(pool, paths[index % paths.length] ?? '', from);
      pending.push(onFailure ? latency.catch((error) => void onFailure(error)) : latency);
    }
    await (awake ? nextTurn() : sleep(1));
  }
  const latencies = await Promise.all(pending);
  pool.close();
  return latencies.filter((latency) => latency !== undefined);
}

async function latencyOf(pool: ConnectionPool, path: string, from: number): Promise<number> {
  const status = await pool.get(path);
  if (status !== 200) throw new Error(`${path} answered ${status}`);
  return performance.now() - from;
}
