import http from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

/** Less than the server's own limit: a request on a connection that the server closes just then fails. */
const MAX_IDLE_MS = 3000;

export interface SteadyLoad {
  /** Requested in turn. */
  readonly urls: readonly string[];
  /** Requests per second, evenly spread. A slow response does not delay later requests. */
  readonly rate: number;
  readonly seconds: number;
  /** Receives each failure. Default: throws it. */
  readonly onFailure?: (error: Error) => void;
}

/**
 * Sends requests at a fixed rate; resolves with the latencies in ms of those that did not fail. A status
 * other than 200 is a failure.
 */
export async function steadyLoad({ urls, rate, seconds, onFailure }: SteadyLoad): Promise<number[]> {
  const agent = new http.Agent({ keepAlive: true, timeout: MAX_IDLE_MS });
  const start = performance.now();
  const pending: Promise<number | undefined>[] = [];
  while (pending.length < rate * seconds) {
    const due = Math.min(((performance.now() - start) / 1000) * rate, rate * seconds);
    while (pending.length < due) {
      const latency = latencyOf(urls[pending.length % urls.length] ?? '', agent);
      pending.push(onFailure ? latency.catch((error) => void onFailure(error)) : latency);
    }
    await sleep(1);
  }
  const latencies = await Promise.all(pending);
  agent.destroy();
  return latencies.filter((latency) => latency !== undefined);
}

function latencyOf(url: string, agent: http.Agent): Promise<number> {
  const sent = performance.now();
  return new Promise((resolve, reject) => {
    const request = http.get(url, { agent }, (response) => {
      response.resume().on('end', () => {
        if (response.statusCode === 200) resolve(performance.now() - sent);
        else reject(new Error(`${url} answered ${response.statusCode}`));
      });
    });
    request.on('error', reject);
  });
}
