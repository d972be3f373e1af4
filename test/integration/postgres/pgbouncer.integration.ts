import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { createDatabase } from '../../../src/db/database.ts';
import { Unavailable } from '../../../src/lib/errors.ts';
import { ROOT, type Service, useServices } from '../../helpers/app/service.ts';
import { withAdmin } from '../../helpers/database/with-admin.ts';
import { freePort } from '../../helpers/network/free-port.ts';
import { useNodeProcesses } from '../../helpers/process/node-process.ts';
import { until } from '../../helpers/until.ts';
import { startServer, useServer } from '../support/debian-cluster.ts';
import { describeRealService } from '../support/describe-real-service.ts';
import { useRealServiceProcesses } from '../support/real-service-process.ts';
import { countStatuses, steadyRequests } from '../support/steady-requests.ts';

describeRealService('pgbouncer', 'The service behind PgBouncer of Debian', ({ path }) => {
  const server = useServer(() => startServer(inject('realServices').postgres.path));
  const startRealService = useRealServiceProcesses();
  const services = useServices();
  const startNode = useNodeProcesses();
  const folder = mkdtempSync(join(tmpdir(), 'cruddur-pgbouncer-'));
  let url = '';
  let replicas: Service[] = [];

  beforeAll(async () => {
    const port = await freePort();
    chmodSync(folder, 0o755);
    writeFileSync(join(folder, 'userlist.txt'), '"postgres" ""\n');
    writeFileSync(
      join(folder, 'pgbouncer.ini'),
      `[databases]
* = host=127.0.0.1 port=${server.port}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = trust
auth_file = ${folder}/userlist.txt
pool_mode = transaction
`,
    );
    // It refuses to run as root.
    const user = process.getuid?.() === 0 ? ['-u', 'nobody'] : [];
    await startRealService(path, [...user, join(folder, 'pgbouncer.ini')], { port });
    url = `postgres://postgres@127.0.0.1:${port}/postgres`;
    replicas = await Promise.all(
      [1, 2].map(() =>
        services.start({ DATABASE_URL: url, RATE_LIMIT_READS: 'off', RATE_LIMIT_WRITES: 'off' }),
      ),
    );
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const rowsOf = (text: string) => withAdmin(server.url, async (admin) => (await admin.query(text)).rows);

  it('is migrated once by two replicas that start at the same time, and ready', async () => {
    for (const replica of replicas) {
      await until(async () => (await replica.ask('/readyz')).status === 200);
      expect(replica.lines().filter(({ level }) => level !== 'info')).toEqual([]);
    }
    const migrated = replicas.flatMap((replica) =>
      replica.lines().filter(({ message }) => message === 'database migrated'),
    );
    expect(migrated).toHaveLength(1);
  });

  it('is seeded by the command', async () => {
    const seeded = await startNode([join(ROOT, 'src/cli/db-seed.ts')], {
      cwd: tmpdir(),
      environment: { DATABASE_URL: url },
    }).ended;
    expect(seeded).toMatchObject({ code: 0, stderr: '' });
  });

  it('serves reads and writes under load, and remains ready', async () => {
    const [first, second] = replicas as [Service, Service];
    const request = (number: number) =>
      number % 10 === 0
        ? { path: '/api/activities', body: { message: `post ${number}`, ttl: '1-day' } }
        : { path: number % 2 === 0 ? '/api/activities/home' : '/api/activities/notifications' };
    const answered = (
      await Promise.all(
        [first, second].map((replica) => steadyRequests(replica.url, request, () => sleep(4000))),
      )
    ).flat();
    expect(answered.length).toBeGreaterThan(800);
    expect(countStatuses(answered)).toEqual({ 200: answered.length });
    const posted = answered.filter(({ body }) => body !== undefined).length;
    expect(await rowsOf(`select from activities where message like 'post %'`)).toHaveLength(posted);
    expect((await first.ask('/readyz')).status).toBe(200);
  });

  it('ends statements at their time limit, on the server too', async () => {
    const database = createDatabase({ databaseUrl: url, statementTimeoutMs: 500 });
    const nap = { summary: 'SELECT', text: 'select pg_sleep(60)' };
    const start = performance.now();
    const naps = [
      ...Array.from({ length: 5 }, () => database.query(nap)),
      ...Array.from({ length: 5 }, () => database.transaction((connection) => connection.query(nap))),
    ];
    const reasons = (await Promise.allSettled(naps)).map((ended) => 'reason' in ended && ended.reason);
    expect(reasons.filter((reason) => !(reason instanceof Unavailable))).toEqual([]);
    expect(performance.now() - start).toBeLessThan(5000);
    const active = `select from pg_stat_activity where state = 'active' and query like '%pg_sleep(60)'`;
    await until(async () => (await rowsOf(active)).length === 0, 3000);
    expect(await database.query({ summary: 'SELECT', text: 'select 1 as one' })).toEqual([{ one: 1 }]);
    await database.close();
  });

  it('is not ready and answers 503 while PostgreSQL is down, and recovers by itself', async () => {
    const [first] = replicas as [Service];
    await server.stop('fast');
    await until(async () => (await first.ask('/readyz')).status === 503);
    const { status, body } = await first.ask('/api/activities/home');
    expect(status).toBe(503);
    expect(JSON.parse(body).trace_id).toMatch(/^[\da-f]{32}$/);
    await server.start();
    // PgBouncer waits 15 s (`server_login_retry`) before it tries again.
    await until(async () => (await first.ask('/readyz')).status === 200, 30_000);
    await until(async () => (await first.ask('/api/activities/home')).status === 200, 30_000);
  });

  it('says which startup parameter PgBouncer refuses', async () => {
    const database = createDatabase({ databaseUrl: `${url}?options=-c%20search_path=public` });
    await expect(database.query({ summary: 'SELECT', text: 'select 1' })).rejects.toMatchObject({
      status: 503,
      cause: { message: expect.stringMatching(/unsupported startup parameter.*options/) },
    });
    await database.close();
  });
});
