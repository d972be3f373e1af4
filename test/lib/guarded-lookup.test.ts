import { AsyncLocalStorage } from 'node:async_hooks';
import dns, { type LookupAddress, type LookupAllOptions } from 'node:dns';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { createGuardedLookup, type GuardOptions } from '../../src/lib/names/guarded-lookup.ts';

type Reply = (error: NodeJS.ErrnoException | null, addresses?: LookupAddress[]) => void;

const ADDRESSES = [
  { address: '192.0.2.1', family: 4 },
  { address: '2001:db8::1', family: 6 },
];

/** A resolver that answers when the test does. */
function start(options: Partial<GuardOptions> = {}) {
  const pending: { name: string; options: LookupAllOptions; reply: Reply }[] = [];
  let asked = 0;
  let most = 0;
  const resolver = (name: string, given: LookupAllOptions, callback: Reply) => {
    asked += 1;
    const entry = {
      name,
      options: given,
      reply: (error: NodeJS.ErrnoException | null, addresses?: LookupAddress[]) => {
        pending.splice(pending.indexOf(entry), 1);
        callback(error, addresses);
      },
    };
    pending.push(entry);
    most = Math.max(most, pending.length);
  };
  const lookup = createGuardedLookup(resolver as unknown as typeof dns.lookup, {
    first: [],
    patienceMs: 30,
    limitMs: 100,
    ...options,
  });
  const find = (name: string, more: object = {}) =>
    new Promise<readonly LookupAddress[]>((resolve, reject) => {
      lookup(name, { all: true, ...more }, (error, found) => (error ? reject(error) : resolve(found)));
    });
  return { lookup, find, pending, asked: () => asked, most: () => most };
}

test('calls for the same name share a look-up, and the next call makes a new one', async () => {
  const { find, pending, asked } = start();
  const both = Promise.all([find('a'), find('a')]);
  pending[0]?.reply(null, ADDRESSES);
  expect(await both).toEqual([ADDRESSES, ADDRESSES]);
  const again = find('a');
  expect(asked()).toBe(2);
  pending[0]?.reply(null, ADDRESSES.slice(1));
  expect(await again).toEqual(ADDRESSES.slice(1));
});

test('one name at a time is looked up, and beside it one of those that come first', async () => {
  const { find, pending, most } = start({ first: ['db'], limitMs: 5000 });
  const all = Promise.all(['a', 'b', 'c', 'localhost', 'db'].map((name) => find(name)));
  expect(pending.map(({ name }) => name)).toEqual(['a', 'localhost']);
  while (pending.length > 0) pending[0]?.reply(null, ADDRESSES);
  expect(await all).toHaveLength(5);
  expect(most()).toBe(2);
});

test('a name server that hangs: the last addresses are used; without any, the look-up fails in time', async () => {
  const { find, pending, most, asked } = start();
  const first = find('a');
  pending[0]?.reply(null, ADDRESSES);
  await first;
  const begun = performance.now();
  expect(await find('a')).toEqual(ADDRESSES);
  expect(performance.now() - begun).toBeLessThan(1000);
  await expect(find('b')).rejects.toThrow(/^getaddrinfo EAI_AGAIN b: no answer within 100 ms$/);
  await expect(find('b')).rejects.toMatchObject({ code: 'EAI_AGAIN', syscall: 'getaddrinfo', hostname: 'b' });
  await expect(find('a', { mayBeOld: false })).rejects.toMatchObject({ code: 'EAI_AGAIN' });
  for (let i = 0; i < 50; i += 1) void find(`name-${i}`).catch(() => {});
  expect(most()).toBe(1);
  expect(asked()).toBe(2);
});

test('a look-up that nobody waits for any more is not begun', async () => {
  const { find, pending, asked } = start();
  const lost = Promise.allSettled([find('a'), find('b')]);
  await lost;
  const late = find('c');
  pending[0]?.reply(null, ADDRESSES);
  expect(pending.map(({ name }) => name)).toEqual(['c']);
  pending[0]?.reply(null, ADDRESSES);
  expect(await late).toEqual(ADDRESSES);
  expect(asked()).toBe(2);
});

test('a late answer is kept for the next time', async () => {
  const { find, pending } = start();
  await expect(find('a')).rejects.toMatchObject({ code: 'EAI_AGAIN' });
  pending[0]?.reply(null, ADDRESSES);
  expect(await find('a')).toEqual(ADDRESSES);
});

test('a failure is passed on, even where there was an answer before', async () => {
  const { find, pending } = start();
  const before = find('a');
  pending[0]?.reply(null, ADDRESSES);
  await before;
  const after = find('a');
  pending[0]?.reply(Object.assign(new Error('gone'), { code: 'ENOTFOUND' }));
  await expect(after).rejects.toMatchObject({ code: 'ENOTFOUND' });
});

test('a resolver that throws fails the call, and the next name has its turn', async () => {
  let calls = 0;
  const broken = createGuardedLookup(
    ((_name: string, _options: LookupAllOptions, reply: Reply) => {
      calls += 1;
      if (calls === 1) throw new TypeError('wrong family');
      reply(null, ADDRESSES);
    }) as unknown as typeof dns.lookup,
    { first: [] },
  );
  const call = promisify((name: string, done: (error: Error | null, address?: string) => void) =>
    broken(name, 4, done),
  );
  await expect(call('a')).rejects.toThrow('wrong family');
  expect(await call('b')).toBe('192.0.2.1');
});

test('no callback is called before the call has returned', async () => {
  const broken = createGuardedLookup(
    (() => {
      throw new TypeError('wrong family');
    }) as unknown as typeof dns.lookup,
    { first: [] },
  );
  let returned = false;
  const early = new Promise<boolean>((resolve) => broken('a', () => resolve(!returned)));
  returned = true;
  expect(await early).toBe(false);
});

test('a callback that throws, or changes its answer, leaves the others theirs', async () => {
  const { lookup, find, pending } = start();
  lookup('a', { all: true }, () => {
    throw new Error('a fault of the caller');
  });
  const next = find('b');
  expect(() => pending[0]?.reply(null, ADDRESSES)).toThrow('a fault of the caller');
  const same = find('b');
  pending[0]?.reply(null, [...ADDRESSES]);
  ((await next) as LookupAddress[]).reverse();
  expect(await same).toEqual(ADDRESSES);
});

test('at most 256 names wait', async () => {
  const { find, pending } = start({ limitMs: 5000 });
  const all = Promise.allSettled(Array.from({ length: 300 }, (_, i) => find(`name-${i}`)));
  while (pending.length > 0) pending[0]?.reply(null, ADDRESSES);
  const results = await all;
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(257);
  expect(results.at(-1)).toMatchObject({ reason: { code: 'EAI_AGAIN' } });
});

test('callers get their answer in their own context', async () => {
  const { find, pending } = start();
  const storage = new AsyncLocalStorage<string>();
  const seen: unknown[] = [];
  const ask = (who: string) => storage.run(who, () => find('a').then(() => seen.push(storage.getStore())));
  const both = Promise.all([ask('one'), ask('two')]);
  pending[0]?.reply(null, ADDRESSES);
  await both;
  expect(seen).toEqual(['one', 'two']);
});

describe('like dns.lookup', () => {
  const guarded = createGuardedLookup(dns.lookup, { first: [] });

  test.each([[undefined], [4], [{ family: 4 }], [{}]] as const)(
    'it answers one address for options %j',
    async (options) => {
      const { promise, resolve } = Promise.withResolvers<unknown[]>();
      if (options === undefined) guarded('localhost', (...answer) => resolve(answer));
      else guarded('localhost', options as LookupAllOptions, (...answer) => resolve(answer));
      expect(await promise).toEqual([
        null,
        expect.stringMatching(/^(127\.0\.0\.1|::1)$/),
        expect.any(Number),
      ]);
    },
  );

  test('it can be promisified, takes addresses, and refuses what is no name', async () => {
    expect(await promisify(guarded)('localhost', 4)).toEqual({ address: '127.0.0.1', family: 4 });
    expect(await promisify(guarded)('::1')).toEqual({ address: '::1', family: 6 });
    expect(() => guarded(7 as unknown as string, () => {})).toThrow(
      /ERR_INVALID_ARG_TYPE|must be of type string/,
    );
  });
});
