import { Agent } from 'node:http';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { ROOT, type Service, useServices } from '../helpers/app/service.ts';
import { useDatabase } from '../helpers/database/databases.ts';
import { startReceivers } from '../helpers/telemetry/receivers.ts';

const FIXTURE = join(ROOT, 'test/fixtures/promoted-bytes.ts');
const WARM_UP = 150;
const REQUESTS = 250;
/** A request has about 110 kB of objects. What it queues for the four systems may outlive it. */
const MAX_PROMOTED_BYTES = 5000;

describe('the objects of a request, with all four systems on', async () => {
  const receivers = await startReceivers();
  const db = useDatabase('postgres');
  const services = useServices();
  const agent = new Agent({ keepAlive: true });
  afterAll(async () => {
    agent.destroy();
    await receivers.close();
  });

  /** One after the other, so that no more than one is in flight during a collection. */
  async function send(service: Service, requests: number): Promise<void> {
    for (let sent = 0; sent < requests; sent += 1) {
      expect((await service.ask('/api/activities/home', { agent })).status).toBe(200);
    }
  }

  it('are freed by the next collection of the young generation', async () => {
    const environment = { ...receivers.environment, DATABASE_URL: db.url };
    const service = await services.start(environment, { preload: [FIXTURE] });
    await send(service, WARM_UP);
    service.child.kill('SIGUSR2');
    await send(service, REQUESTS);
    service.child.kill('SIGUSR2');
    const [line] = await service.printed(/\{"collections".*/);
    const { collections, promotedBytes } = JSON.parse(line);
    expect(collections).toBeGreaterThan(3);
    expect(promotedBytes / REQUESTS).toBeLessThan(MAX_PROMOTED_BYTES);
  });
});
