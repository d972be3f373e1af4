import autocannon from 'autocannon';

export interface LoadOrder {
  readonly command: 'load';
  readonly url: string;
  readonly seconds: number;
  readonly connections: number;
}

export interface LoadResult {
  readonly requests: number;
  readonly requestsPerSecond: number;
  readonly p99Ms: number;
  readonly failures: number;
}

/** The load generator: a process of its own, so that its work is not counted. */
process.on('message', async (order: LoadOrder | { command: 'stop' }) => {
  if (order.command === 'stop') process.exit(0);
  const { url, seconds, connections } = order as LoadOrder;
  const result = await autocannon({ url, duration: seconds, connections });
  process.send?.({
    requests: result.requests.total,
    requestsPerSecond: result.requests.average,
    p99Ms: result.latency.p99,
    failures: result.errors + result.non2xx,
  } satisfies LoadResult);
});
process.send?.({});
