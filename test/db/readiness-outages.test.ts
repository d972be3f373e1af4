import { describe, expect, it } from 'vitest';
import { createDatabase } from '../../src/db/database.ts';
import { createReadiness, type Readiness } from '../../src/db/readiness.ts';
import { useDatabase } from '../helpers/database/databases.ts';
import { useProxiedDatabase } from '../helpers/database/proxied-database.ts';
import { startTcpBlackHole } from '../helpers/network/faulty-server.ts';
import { until } from '../helpers/until.ts';

const SOON = { intervalMs: 30 };
const isReady = (readiness: Readiness) =>
  readiness.check().then(
    () => true,
    () => false,
  );

describe('readiness during an outage', () => {
  const db = useDatabase('postgres');
  const shaky = useProxiedDatabase(db, { poolSize: 1, connectTimeoutMs: 900 });

  it('shares a failure too, and recovers', async () => {
    await shaky.proxy.shut();
    const readiness = createReadiness(shaky.database, SOON);
    const failures = await Promise.all([1, 2, 3].map(() => readiness.check().catch((error) => error)));
    expect(new Set(failures).size).toBe(1);
    expect(failures[0]).toMatchObject({ status: 503, cause: { code: 'ECONNREFUSED' } });
    await shaky.proxy.open();
    await until(() => isReady(readiness));
  });

  it('is right when its connection was lost', async () => {
    const readiness = createReadiness(shaky.database, SOON);
    await readiness.check();
    await shaky.proxy.shut();
    await shaky.proxy.open();
    await passed(SOON.intervalMs);
    expect(await isReady(readiness)).toBe(true);
  });

  it('is right when its connection was lost without notice', async () => {
    const readiness = createReadiness(shaky.database, SOON);
    await readiness.check();
    await passed(SOON.intervalMs);
    shaky.proxy.stall();
    const ready = isReady(readiness);
    await passed(50);
    await shaky.proxy.open();
    expect(await ready).toBe(true);
  });

  it('ends within the time limit when the database does not answer', async () => {
    const blackHole = await startTcpBlackHole();
    const unreachable = createDatabase({
      databaseUrl: `postgres://u@127.0.0.1:${blackHole.port}/d`,
      connectTimeoutMs: 200,
    });
    const start = performance.now();
    expect(await isReady(createReadiness(unreachable))).toBe(false);
    expect(performance.now() - start).toBeLessThan(1000);
    await unreachable.close();
    await blackHole.close();
  });
});

/** Until then, the last answer counts. */
function passed(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
