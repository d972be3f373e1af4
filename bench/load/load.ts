import autocannon from 'autocannon';
import { percentile } from '../table.ts';
import { CONNECTIONS, steadyLoad } from './steady-load.ts';

/** The message that starts a load. */
export interface LoadOrder {
  readonly command: 'load';
  readonly url: string;
  /** Duration, default 1; ignored if `requests` is set. */
  readonly seconds?: number;
  /** Number of requests. */
  readonly requests?: number;
  /** Requests per second, evenly spread; default: as many as the server answers. */
  readonly rate?: number;
  /** With `rate`: seconds before the duration whose latencies do not count; default: 0. */
  readonly settleSeconds?: number;
  /** Whether this process sleeps when it has nothing to do; default: false. */
  readonly sleeps?: boolean;
}

export interface LoadResult {
  readonly requests: number;
  readonly requestsPerSecond: number;
  /** At most as precise as a millisecond without a rate. */
  readonly p99Ms: number;
  readonly failures: number;
}

// The load generator is a separate process, so that its CPU time is not counted.
process.on('message', async (order: LoadOrder | { command: 'stop' }) => {
  if (order.command === 'stop') process.exit(0);
  const load = order.rate ? pace({ ...order, rate: order.rate }) : saturate(order);
  if (!order.sleeps) stayAwakeUntil(load);
  process.send?.((await load) satisfies LoadResult);
});
// Nothing else keeps this process alive until its first order.
process.channel?.ref();
process.send?.({});

async function saturate({ url, seconds = 1, requests }: LoadOrder): Promise<LoadResult> {
  const result = await autocannon({
    url,
    connections: CONNECTIONS,
    duration: seconds,
    ...(requests && { amount: requests }),
  });
  return {
    requests: result.requests.total,
    requestsPerSecond: result.requests.average,
    p99Ms: result.latency.p99,
    failures: result.errors + result.non2xx,
  };
}

async function pace(order: LoadOrder & { rate: number }): Promise<LoadResult> {
  const { url, seconds = 1, settleSeconds = 0, requests, rate } = order;
  let failures = 0;
  const latencies = await steadyLoad({
    urls: [url],
    rate,
    seconds: requests ? requests / rate : settleSeconds + seconds,
    awake: true,
    onFailure: () => {
      failures += 1;
    },
  });
  const p99Ms = percentile(latencies.slice(rate * settleSeconds), 99);
  return { requests: latencies.length, requestsPerSecond: rate, p99Ms, failures };
}

/** Keeps this process awake: waking it costs the server CPU time, which only slow servers would pay. */
function stayAwakeUntil(end: Promise<unknown>): void {
  let awake = true;
  const spin = () => {
    if (awake) setImmediate(spin);
  };
  const stop = () => {
    awake = false;
  };
  end.then(stop, stop);
  spin();
}
