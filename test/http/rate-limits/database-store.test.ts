import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { guardStore } from '../../../src/http/rate-limits/store-outages.ts';
import { type Service, useServices } from '../../helpers/app/service.ts';
import { useDatabase } from '../../helpers/database/databases.ts';
import { withAdmin } from '../../helpers/database/with-admin.ts';
import { createTcpProxy, type TcpProxy } from '../../helpers/network/tcp-proxy.ts';
import { until } from '../../helpers/until.ts';

const db = useDatabase('postgres');
const services = useServices();

/** A path that needs no database of its own. */
const PATH = '/telemetry';

const start = (databaseUrl: string) =>
  services.start({
    DATABASE_URL: databaseUrl,
    TRUST_PROXY: 'on',
    RATE_LIMIT_STORE: 'database',
    RATE_LIMIT_READS: '10/1h',
  });

const from = (client: string) => ({ headers: { 'X-Forwarded-For': client } });

let replicas: readonly [Service, Service];
beforeAll(async () => {
  replicas = await Promise.all([start(db.url), start(db.url)]);
});

test('replicas share the budget, and the rows hold no address', async () => {
  const left: (string | undefined)[] = [];
  for (const { ask } of [...replicas, ...replicas]) {
    const { headers } = await ask(PATH, from('198.51.100.99'));
    left.push(...(headers.ratelimit === undefined ? [] : [String(headers.ratelimit).split(';')[1]]));
  }
  // A request that the store is too slow for passes uncounted, as some do on a busy machine.
  expect(left).toEqual([...new Set(left)]);
  expect(left.length).toBeGreaterThan(1);
  for (const { ask } of replicas) {
    await until(async () => (await ask(PATH, from('198.51.100.99'))).status === 429);
  }
  const { rows } = await withAdmin(db.url, (admin) =>
    admin.query("select encode(key, 'escape') as key, resets_at > now() as lives from rate_limits"),
  );
  expect(rows).toContainEqual({ key: expect.not.stringContaining('198.51.100'), lives: true });
  expect(JSON.stringify(rows)).not.toContain('198.51.100');
});

describe('while the store fails', () => {
  let proxy: TcpProxy;
  let service: Service;
  beforeAll(async () => {
    proxy = await createTcpProxy(db.url);
    service = await start(proxy.url);
  });
  afterAll(() => proxy.close());

  test('requests pass quickly, and the log says so once', async () => {
    const client = from('198.51.100.1');
    const limitedLines = () => service.lines().filter(({ message }) => message.includes('rate limits'));
    await until(async () => (await service.ask(PATH, client)).headers.ratelimit);
    proxy.stall();
    const answers = [];
    while (answers.length < 40) answers.push(await service.ask(PATH, client));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    const slow = answers.filter(({ durationMs }) => durationMs >= 250);
    expect(slow.length).toBeLessThan(20);
    expect(answers.at(-1)?.headers).not.toHaveProperty('ratelimit');

    await proxy.shut();
    await proxy.open();
    await until(async () => (await service.ask(PATH, client)).headers.ratelimit);
    await until(() => limitedLines().at(-1)?.level === 'info');
    expect(limitedLines().filter(({ level }) => level === 'warn').length).toBeLessThan(3);
    expect(limitedLines()[0]).toMatchObject({
      level: 'warn',
      message: 'the store of the rate limits fails: requests are not limited until it answers',
      trace_id: expect.any(String),
    });
    expect(limitedLines().at(-1)?.message).toBe(
      'the store of the rate limits answers again: requests are limited',
    );
  });

  test('a client that is over its limit stays limited until its window ends', async () => {
    const client = from('198.51.100.2');
    await until(async () => (await service.ask(PATH, client)).status === 429);
    await proxy.shut();
    expect((await service.ask(PATH, from('198.51.100.3'))).status).toBe(200);
    expect((await service.ask(PATH, client)).status).toBe(429);
    await proxy.open();
  });
});

test('a missing table limits nobody and fails nobody', async () => {
  const [service] = replicas;
  await withAdmin(db.url, (admin) => admin.query('alter table rate_limits rename to elsewhere'));
  try {
    const answers = await Promise.all(
      Array.from({ length: 15 }, () => service.ask('/api/activities/home', from('198.51.100.4'))),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  } finally {
    await withAdmin(db.url, (admin) => admin.query('alter table elsewhere rename to rate_limits'));
  }
});

test('a process that is busy is no outage of its store', async () => {
  const warnings: string[] = [];
  const useStore = guardStore({ info() {}, warn: (message) => warnings.push(message) });
  const busy = async () => {
    const rows = db.database.query({ summary: 'SELECT', text: 'select 1 as one' });
    // The statement leaves now, and its answer waits in the socket's buffer.
    setImmediate(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 400));
    return rows;
  };
  await db.database.query({ summary: 'SELECT', text: 'select 1' });
  expect(await useStore(busy)).toEqual([{ one: 1 }]);
  expect(warnings).toEqual([]);
});
