import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Service, useServices } from '../helpers/app/service.ts';
import { copyDataFolder, useDatabase } from '../helpers/database/databases.ts';
import { type EmbeddedProcess, startEmbeddedProcess } from '../helpers/database/embedded-process.ts';
import { startTcpBlackHole } from '../helpers/network/faulty-server.ts';
import { type Answer, traceIdOf } from '../helpers/network/http-client.ts';
import { createTcpProxy, type TcpProxy } from '../helpers/network/tcp-proxy.ts';
import { startReceivers } from '../helpers/telemetry/receivers.ts';
import { rulesArrived } from '../helpers/telemetry/sampling-rules.ts';
import { waitForTrace } from '../helpers/telemetry/wait-for-trace.ts';
import { until } from '../helpers/until.ts';

const HOME = '/api/activities/home';

const services = useServices();

/** Waits until the feed answers 200. */
const serves = (service: Service) => until(async () => (await service.ask(HOME)).status === 200, 10_000);

/** Waits for an answer of /readyz, which asks the database at most once a second. */
const isReady = (service: Service, status: number) =>
  until(async () => (await service.ask('/readyz')).status === status);

function expectUnavailable(answer: Answer): void {
  expect(answer.status).toBe(503);
  expect(answer.headers['content-type']).toMatch('application/problem+json');
  expect(answer.headers['retry-after']).toBe('5');
  expect(JSON.parse(answer.body)).toEqual({
    type: 'about:blank',
    title: 'Service Unavailable',
    status: 503,
    detail: 'The database cannot be reached or is overloaded; try again in a moment.',
    instance: HOME,
    trace_id: traceIdOf(answer),
  });
}

describe.concurrent('a database that is killed', async () => {
  const receivers = await startReceivers();
  let dataDir: string;
  let database: EmbeddedProcess;

  beforeAll(async () => {
    dataDir = await copyDataFolder();
    database = await startEmbeddedProcess(dataDir);
  });
  afterAll(async () => {
    await database.close();
    await receivers.close();
  });

  it('causes 503 and a fault in all four systems, and serves again after its restart', async () => {
    const service = await services.start({ ...receivers.environment, DATABASE_URL: database.url });
    await rulesArrived(service, receivers);
    expect((await service.ask(HOME)).status).toBe(200);
    expect((await service.ask('/readyz')).status).toBe(200);
    database.child.kill('SIGKILL');
    await database.exited;

    const answer = await service.ask(HOME);
    expectUnavailable(answer);
    await isReady(service, 503);
    expect((await service.ask('/livez')).status).toBe(200);
    expect((await service.ask('/telemetry')).status).toBe(200);

    database = await startEmbeddedProcess(dataDir, { port: Number(new URL(database.url).port) });
    await serves(service);
    await isReady(service, 200);
    expect(await service.stop()).toMatchObject({ code: 0, stderr: '' });

    const parts = ['spans', 'segments', 'logs', 'reports'] as const;
    const trace = await waitForTrace(receivers, traceIdOf(answer), ...parts);
    expect(trace.reports).toMatchObject([{ level: 'error', context: HOME }]);
    expect(trace.segments).toMatchObject([{ fault: true, http: { response: { status: 503 } } }]);
    expect(trace.spans.find(({ kind }) => kind === 'server')).toMatchObject({
      status: { code: 'error' },
      attributes: { 'http.response.status_code': 503 },
      events: [{ name: 'exception' }],
    });
    expect(trace.logs.filter(({ fields }) => fields.level === 'error')).toHaveLength(2);
  });
});

describe.concurrent('a database that is down when the service starts', () => {
  const db = useDatabase('postgres', { empty: true });
  let gate: TcpProxy;

  beforeAll(async () => {
    gate = await createTcpProxy(db.url);
    await gate.shut();
  });
  afterAll(() => gate.close());

  it('does not keep the service from starting, and is migrated and used as soon as it is up', async () => {
    const service = await services.start({ DATABASE_URL: gate.url });
    expectUnavailable(await service.ask(HOME));
    expect((await service.ask('/readyz')).status).toBe(503);
    await gate.open();
    await serves(service);
    await isReady(service, 200);
    expect(await service.stop()).toMatchObject({ code: 0, stderr: '' });
    const messages = service.lines().map(({ message }) => message);
    expect(messages).toContain('database not reachable: migrations will run as soon as it is');
    expect(messages).toContain('database migrated');
  });
});

describe.concurrent('a database that never answers', () => {
  it('does not keep a starting service from ending on SIGTERM', async () => {
    const database = await startTcpBlackHole();
    const service = services.launch({ DATABASE_URL: `postgres://127.0.0.1:${database.port}/cruddur` });
    await until(() => database.connections() > 0);
    const signalled = performance.now();
    service.child.kill('SIGTERM');
    const { code, stdout, stderr } = await service.ended;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).not.toContain('"started"');
    expect(performance.now() - signalled).toBeLessThan(6000);
    await database.close();
  });
});

describe.concurrent('an empty database', () => {
  const db = useDatabase('postgres', { empty: true });

  it('is migrated once by four replicas that start at the same time, and serves them all', async () => {
    const replicas = await Promise.all(
      Array.from({ length: 4 }, () => services.start({ DATABASE_URL: db.url })),
    );
    const answers = await Promise.all(replicas.map((replica) => replica.ask(HOME)));
    for (const { status, body } of answers) expect([status, body]).toEqual([200, '[]']);
    const migrated = replicas.flatMap((replica) =>
      replica.lines().filter(({ message }) => message === 'database migrated'),
    );
    expect(migrated).toHaveLength(1);
    const ends = await Promise.all(replicas.map((replica) => replica.stop()));
    expect(ends.map(({ code }) => code)).toEqual(Array(4).fill(0));
  });
});
