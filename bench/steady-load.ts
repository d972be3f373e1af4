import http from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

export interface SteadyLoad {
  readonly url: string;
  /** Requests per second, evenly spread. A slow response does not delay later requests. */
  readonly rate: number;
  readonly seconds: number;
}

/** Sends requests at a fixed rate; resolves with their latencies in ms. Rejects if a status is not 200. */
export async function steadyLoad({ url, rate, seconds }: SteadyLoad): Promise<number[]> {
  const agent = new http.Agent({ keepAlive: true });
  const start = performance.now();
  const pending: Promise<number>[] = [];
  while (pending.length < rate * seconds) {
    const due = Math.min(((performance.now() - start) / 1000) * rate, rate * seconds);
    while (pending.length < due) pending.push(latencyOf(url, agent));
    await sleep(1);
  }
  const latencies = await Promise.all(pending);
  agent.destroy();
  return latencies;
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
