import autocannon from 'autocannon';

const CONNECTIONS = 20;

export interface LoadOrder {
  readonly command: 'load';
  readonly url: string;
  /** How long, or how many requests. */
  readonly seconds?: number;
  readonly requests?: number;
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
  const { url, seconds = 1, requests } = order;
  const result = await autocannon({
    url,
    connections: CONNECTIONS,
    duration: seconds,
    ...(requests && { amount: requests }),
  });
  process.send?.({
    requests: result.requests.total,
    requestsPerSecond: result.requests.average,
    p99Ms: result.latency.p99,
    failures: result.errors + result.non2xx,
  } satisfies LoadResult);
});
process.send?.({});

/** Never sleeps: else each answer would wake this process, at the expense of a server slow enough to let it sleep. */
function stayAwake(): void {
  setImmediate(stayAwake);
}
stayAwake();
