import { Session } from 'node:inspector/promises';
import { afterAll, expect, test } from 'vitest';
import { createMemoryCounter } from '../../../src/http/rate-limits/memory-counter.ts';
import { useApp } from '../../helpers/app/app.ts';

const LIMIT = { requests: 3, windowMs: 3_600_000 };

const app = useApp({ environment: { TRUST_PROXY: 'on', RATE_LIMIT_READS: '3/1h' } });

// Not by --expose-gc: V8 rejects the cached code of a process whose flags changed.
const inspector = new Session();
inspector.connect();
afterAll(() => inspector.disconnect());

async function heapBytes(): Promise<number> {
  await inspector.post('HeapProfiler.collectGarbage');
  return process.memoryUsage().heapUsed;
}

test('a million addresses take less than 10 MB of heap', async () => {
  const count = createMemoryCounter(LIMIT);
  const before = await heapBytes();
  for (let client = 0; client < 1_000_000; client += 1) {
    await count(`10.${client >> 16}.${(client >> 8) & 255}.${client & 255}`);
  }
  expect((await heapBytes()) - before).toBeLessThan(10_000_000);
  expect(await count('10.15.66.63')).toMatchObject({ hits: 2 });
});

test('each of many addresses has a budget of its own', async () => {
  const from = (client: number) =>
    app.get('/telemetry').set('X-Forwarded-For', `2001:db8:1:${client.toString(16)}::1`);
  const answers = await Promise.all(Array.from({ length: 300 }, (_, client) => from(client)));
  expect(new Set(answers.map(({ headers }) => headers.ratelimit?.slice(0, 12)))).toEqual(
    new Set(['"reads"; r=2']),
  );
  expect((await from(0)).headers.ratelimit).toMatch(/^"reads"; r=1;/);
});

test('a client is forgotten early only when a generation of others comes between its requests', async () => {
  const count = createMemoryCounter(LIMIT, 100);
  let others = 0;
  const comeBetween = async (clients: number) => {
    for (let client = 0; client < clients; client += 1) {
      others += 1;
      await count(`2001:db8:0:${others.toString(16)}::/64`);
    }
  };
  for (let hits = 1; hits <= 10; hits += 1) {
    expect((await count('attacker')).hits).toBe(hits);
    await comeBetween(99);
  }
  await comeBetween(200);
  expect((await count('attacker')).hits).toBe(1);
});
