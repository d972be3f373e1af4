import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { Client } from 'pg';
import { describe, expect, it } from 'vitest';
import { useServices } from '../helpers/app/service.ts';
import { useDatabase } from '../helpers/database/databases.ts';
import { startTcpBlackHole } from '../helpers/network/faulty-server.ts';
import { ask } from '../helpers/network/http-client.ts';
import { until } from '../helpers/until.ts';

const LISTENING = /"listening at (http:[^"]+)"/;

const db = useDatabase('postgres');
const services = useServices();

/** Holds what every migration reads, until the returned function is called. */
async function blockMigrations(): Promise<() => Promise<void>> {
  const client = new Client({ connectionString: db.url });
  await client.connect();
  await client.query('begin; lock table schema_migrations in access exclusive mode');
  return () => client.end();
}

describe('while another replica migrates', () => {
  it('the service is alive, and starts when the lock is free', async () => {
    const unblock = await blockMigrations();
    const service = services.launch({ DATABASE_URL: db.url });
    const [, url] = await service.printed(LISTENING);
    expect((await ask(`${url}/livez`)).status).toBe(200);
    expect(service.stdout()).not.toContain('"started"');
    await unblock();
    await service.printed(/"started"/);
    expect((await ask(`${url}/api/activities/home`)).status).toBe(200);
  });

  it('SIGTERM ends the service with 0', async () => {
    const unblock = await blockMigrations();
    const service = services.launch({ DATABASE_URL: db.url, SHUTDOWN_DEADLINE_MS: '1500' });
    await service.printed(LISTENING);
    const signalled = performance.now();
    service.child.kill('SIGTERM');
    const { code, stdout, stderr } = await service.ended;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).not.toContain('"started"');
    expect(performance.now() - signalled).toBeLessThan(4000);
    await unblock();
  });
});

describe.concurrent('the start', () => {
  it('reports a port that is taken before it connects to the database', async () => {
    const database = await startTcpBlackHole();
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const { code, stdout } = await services.launch({
      DATABASE_URL: `postgres://127.0.0.1:${database.port}/cruddur`,
      PORT: String(port),
    }).ended;
    expect(code).toBe(1);
    expect(stdout).toContain(`cannot start: port ${port} is taken`);
    expect(database.connections()).toBe(0);
    other.close();
    await database.close();
  });

  it('fails with 1 and names the cause when a migration fails for good', async () => {
    const service = services.launch({ DATABASE_URL: `${db.url}?options=-csearch_path%3Dnowhere` });
    const { code, stdout } = await service.ended;
    expect(code).toBe(1);
    expect(stdout).toMatch(/"level":"error","message":".*no schema has been selected to create in/);
    expect(stdout).not.toContain('"started"');
  });
});

describe.concurrent('SHUTDOWN_DELAY_MS', () => {
  it('is the time for which a service that got SIGTERM is unready and still serves', async () => {
    const service = await services.start({ DATABASE_URL: db.url, SHUTDOWN_DELAY_MS: '1500' });
    expect((await service.ask('/readyz')).status).toBe(200);
    const stopped = service.stop();
    await until(async () => (await service.ask('/readyz')).status === 503);
    const body = { message: 'still here', ttl: '1-day' };
    expect((await service.ask('/api/activities', { body })).status).toBe(200);
    expect((await service.ask('/livez')).status).toBe(200);
    const { code, stderr, afterMs } = await stopped;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(afterMs).toBeGreaterThan(1400);
    expect(afterMs).toBeLessThan(5000);
  });
});
