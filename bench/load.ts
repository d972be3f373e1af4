import autocannon from 'autocannon';

const CONNECTIONS = 20;

/** The message that starts a load. */
export interface LoadOrder {
  readonly command: 'load';
  readonly url: string;
  /** Duration, default 1; ignored if `requests` is set. */
  readonly seconds?: number;
  /** Number of requests. */
  readonly requests?: number;
  /** Requests per second; default: as many as the server answers. */
  readonly rate?: number;
}

export interface LoadResult {
  readonly requests: number;
  readonly requestsPerSecond: number;
  readonly p99Ms: number;
  readonly failures: number;
}

// The load generator is a separate process, so that its CPU time is not counted.
process.on('message', async (order: LoadOrder | { command: 'stop' }) => {
  if (order.command === 'stop') process.exit(0);
  const { url, seconds = 1, requests, rate } = order;
  const result = await autocannon({
    url,
    connections: CONNECTIONS,
    duration: seconds,
    ...(requests && { amount: requests }),
    ...(rate && { overallRate: rate }),
  });
  process.send?.({
    requests: result.requests.total,
    requestsPerSecond: result.requests.average,
    p99Ms: result.latency.p99,
    failures: result.errors + result.non2xx,
  } satisfies LoadResult);
});
process.send?.({});

/** Keeps this process awake: waking it costs the server CPU time, which only slow servers would pay. */
function stayAwake(): void {
  setImmediate(stayAwake);
}
stayAwake();
