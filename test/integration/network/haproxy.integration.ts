import { Agent } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, inject, it } from 'vitest';
import { ROOT, type Service, useServices } from '../../helpers/app/service.ts';
import { freePort } from '../../helpers/network/free-port.ts';
import { ask } from '../../helpers/network/http-client.ts';
import { useNodeProcesses } from '../../helpers/process/node-process.ts';
import { until } from '../../helpers/until.ts';
import { startServer, useServer } from '../support/debian-cluster.ts';
import { describeRealService } from '../support/describe-real-service.ts';
import { useHaproxy } from '../support/haproxy.ts';
import { NOTICED_MS } from '../support/haproxy-configuration.ts';

const REQUESTS_PER_SECOND = 200;
const EACH_MS = 20;

describeRealService('haproxy', 'Two replicas behind haproxy', ({ path }) => {
  const cluster = useServer(() => startServer(inject('realServices').postgres.path));
  const services = useServices();
  const startHaproxy = useHaproxy(path);
  const startNode = useNodeProcesses();

  beforeAll(async () => {
    const seed = startNode([join(ROOT, 'src/cli/db-seed.ts')], {
      cwd: tmpdir(),
      environment: { DATABASE_URL: cluster.url },
    });
    expect(await seed.ended).toMatchObject({ code: 0, stderr: '' });
  });

  const startReplica = (port: number) =>
    services.start({
      DATABASE_URL: cluster.url,
      PORT: String(port),
      SHUTDOWN_DELAY_MS: String(5 * NOTICED_MS),
      ...Object.fromEntries(
        ['READS', 'WRITES', 'SEARCH', 'ROLLBAR_TEST'].map((name) => [`RATE_LIMIT_${name}`, 'off']),
      ),
    });

  // With `retries 0`, nothing hides a request that a replica took and did not answer.
  it.each([3, 0])(
    '0 requests fail while each replica is restarted under load, with %i retries',
    async (retries) => {
      const ports = [await freePort(), await freePort()];
      const replicas: Service[] = [];
      for (const port of ports) replicas.push(await startReplica(port));
      const url = await startHaproxy(ports, retries);
      await until(async () => (await ask(`${url}/readyz`)).status === 200);

      const { statuses, posted, achieved } = await underLoad(url, async () => {
        for (const [index, port] of ports.entries()) {
          expect(await replicas[index]?.stop()).toMatchObject({ code: 0, stderr: '' });
          replicas[index] = await startReplica(port);
          // haproxy sends requests to it again before the other one stops.
          await new Promise((resolve) => setTimeout(resolve, 3 * NOTICED_MS));
        }
      });
      process.stdout.write(`haproxy, retries ${retries}: ${JSON.stringify({ ...statuses, achieved })}\n`);
      expect(Object.keys(statuses)).toEqual(['200']);
      expect(achieved).toBeGreaterThan(REQUESTS_PER_SECOND / 2);
      const feed = await ask(`${url}/api/activities/@andrewbrown?limit=20`);
      // Posts of the same moment are stored in any order.
      expect(feed.body).toContain(`"number ${posted}"`);
      await Promise.all(replicas.map((replica) => replica.stop()));
    },
  );
});

interface Load {
  /** The number of answers per status; of failed requests per code. */
  readonly statuses: Readonly<Record<string, number>>;
  /** The number in the last post. */
  readonly posted: number;
  /** Requests per second. */
  readonly achieved: number;
}

/** Sends reads, and a write in each tenth request, at a fixed rate until `work` has ended. */
async function underLoad(url: string, work: () => Promise<unknown>): Promise<Load> {
  const agent = new Agent({ keepAlive: true, maxSockets: 50 });
  const statuses: Record<string, number> = {};
  const pending = new Set<Promise<void>>();
  const start = performance.now();
  let sent = 0;
  let posted = 0;

  function send(): void {
    sent += 1;
    if (sent % 10 === 0) posted = sent;
    const request = (
      sent % 10 === 0
        ? ask(`${url}/api/activities`, { agent, body: { message: `number ${sent}`, ttl: '1-day' } })
        : ask(`${url}/api/activities/home?limit=5`, { agent })
    ).then(
      ({ status, headers }) => count(headers.traceresponse ? status : `${status} of haproxy`),
      ({ code }) => count(code),
    );
    pending.add(request);
    void request.then(() => pending.delete(request));
  }

  function count(outcome: string | number): void {
    statuses[outcome] = (statuses[outcome] ?? 0) + 1;
  }

  const timer = setInterval(() => {
    const due = ((performance.now() - start) / 1000) * REQUESTS_PER_SECOND;
    while (sent < due && pending.size < 100) send();
  }, EACH_MS);
  await work().finally(() => clearInterval(timer));
  const achieved = Math.round(sent / ((performance.now() - start) / 1000));
  await Promise.all(pending);
  agent.destroy();
  return { statuses, posted, achieved };
}
