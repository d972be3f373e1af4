import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createSinkCounters } from '../../../src/observability/delivery/sink-counters.ts';
import { createReporter } from '../../../src/observability/rollbar/reporter.ts';
import { type FaultyServer, startFaultyServer } from '../../helpers/network/faulty-server.ts';
import { type Receivers, startReceivers } from '../../helpers/telemetry/receivers.ts';
import { until } from '../../helpers/until.ts';
import { createFakeClock } from './fake-clock.ts';

const MINUTE_MS = 60_000;

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

interface Item {
  readonly level: string;
  readonly custom: { readonly occurrences?: number; readonly [name: string]: unknown };
  readonly body: {
    readonly message?: { readonly body: string };
    readonly trace_chain?: { readonly exception: { readonly message: string } }[];
  };
}

let receivers: Receivers;
const servers: FaultyServer[] = [];
beforeAll(async () => {
  receivers = await startReceivers();
});
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});
afterAll(() => receivers.close());

async function open(itemsPerMinute: number, origin = receivers.url) {
  const clock = createFakeClock();
  const sink = createSinkCounters('rollbar', 'localhost');
  const endpoint = `${origin}/api/1/item/`;
  const config = { accessToken: 'token', environment: 'test', endpoint, itemsPerMinute };
  const reporter = await createReporter({ config, service: { name: 's', version: '1' }, sink, clock });
  const before = receivers.reports().length;
  const items = () => receivers.reports().slice(before) as unknown as Item[];

  /** Resolves with all reports, once `count` have arrived and no further one within a moment. */
  async function arrived(count: number): Promise<Item[]> {
    await until(() => items().length >= count);
    await sleep(50);
    expect(items()).toHaveLength(count);
    return items();
  }

  return { clock, sink, reporter, arrived };
}

/** The kind is in the letters, because alike faults may differ in numbers. */
function kind(n: number): string {
  return [...String(n)].map((digit) => String.fromCharCode(97 + Number(digit))).join('');
}

const textOf = ({ body }: Item) => body.message?.body ?? body.trace_chain?.[0]?.exception.message;
const occurrencesOf = (items: readonly Item[]) =>
  items.reduce((sum, { custom }) => sum + (custom.occurrences ?? 1), 0);

describe('faults of one place are alike', () => {
  it.each([
    ['a URL', (n: number) => `GET https://${kind(n)}.example/${kind(n)}?a=${kind(n)} failed`],
    ['a path', (n: number) => `no such file: /data/${kind(n)}/x`],
    ['a quotation', (n: number) => `invalid input syntax for type uuid: "${kind(n)} ${kind(n)}"`],
    ['a long quotation', (n: number) => `Unexpected token, "${kind(n).repeat(200)}" is not valid JSON`],
    ['a mail address', (n: number) => `${kind(n)}@example.org is taken`],
    ['an id', (n: number) => `no row ${`${n}af0`.repeat(8)} in 0x${n}`],
  ])('whatever %s in their messages is', async (_name, messageOf) => {
    const { reporter, arrived } = await open(60);
    for (let n = 0; n < 50; n += 1) reporter.error(new Error(messageOf(n)));
    await arrived(6);
  });
});

describe('a report that waits', () => {
  it('does not hold what was thrown', async () => {
    const { reporter, arrived } = await open(1);
    reporter.error(new Error('first'));
    await arrived(1);
    const thrown = [1, 2].map((n) => {
      const error = Object.assign(new Error(kind(n)), { response: Buffer.alloc(1000) });
      reporter.error(error);
      return new WeakRef(error.response);
    });
    await until(() => {
      collectGarbage();
      return thrown.every((response) => response.deref() === undefined);
    });
  });
});

describe('ten thousand faults', () => {
  it('of one kind are some reports at once, and one a minute with their number', async () => {
    const { clock, sink, reporter, arrived } = await open(60);
    const id = '68f126b0-1ceb-4a33-88be-d90fa7109eee';
    const errors = Array.from({ length: 10_100 }, (_, n) => new Error(`row ${n} of ${id} is broken`));
    for (const error of errors.splice(0, 10_000)) {
      clock.advance(1);
      reporter.error(error);
    }
    await arrived(6);
    expect(sink.report()).toMatchObject({ accepted: 10_000, sent: 6, dropped: 0, queued: 9_994 });
    clock.advance(MINUTE_MS);
    const items = await arrived(7);
    expect(items[6]?.custom).toMatchObject({
      occurrences: 9_994,
      first_occurred_at: '2026-11-29T00:00:00.007Z',
      last_occurred_at: '2026-11-29T00:00:10.000Z',
    });
    expect(sink.report()).toMatchObject({ accepted: 10_000, sent: 10_000, dropped: 0, queued: 0 });

    for (const error of errors) reporter.error(error);
    clock.advance(10 * MINUTE_MS);
    expect(occurrencesOf(await arrived(8))).toBe(10_100);
  });

  it('of as many kinds are at most 60 a minute, and all are counted', async () => {
    const { clock, sink, reporter, arrived } = await open(60);
    const begun = performance.now();
    for (let n = 0; n < 10_000; n += 1) reporter.error(new Error(kind(n)));
    expect(performance.now() - begun).toBeLessThan(3000);
    // One stands for the kinds beyond 500.
    const reports = 60 + 500 + 1;
    for (let sent = 60; sent < reports; sent += 60) {
      await arrived(sent);
      clock.advance(MINUTE_MS);
    }
    const items = await arrived(reports);
    expect(occurrencesOf(items)).toBe(10_000);
    expect(items.map(textOf)).toContain('faults of many other kinds');
    expect(sink.report()).toMatchObject({ accepted: 10_000, sent: 10_000, dropped: 0, queued: 0 });
  });
});

describe('messages', () => {
  it('never delay faults', async () => {
    const { clock, reporter, arrived } = await open(60);
    for (let n = 0; n < 10_000; n += 1) {
      reporter.warning('Hello World!');
      if (n % 250 === 0) reporter.error(new Error(kind(n)));
    }
    const items = await arrived(60);
    expect(items.filter(({ level }) => level === 'error')).toHaveLength(40);
    expect(items.filter(({ level }) => level === 'warning')).toHaveLength(20);
    clock.advance(MINUTE_MS);
    const later = (await arrived(61)).slice(60);
    expect(later).toMatchObject([{ level: 'warning', custom: { occurrences: 9_980 } }]);
  });

  it('wait until no fault waits', async () => {
    const { clock, reporter, arrived } = await open(3);
    reporter.warning('first');
    for (let n = 0; n < 5; n += 1) {
      reporter.warning(`message ${kind(n)}`);
      reporter.error(new Error(`fault ${kind(n)}`));
    }
    for (const count of [3, 6, 7, 8, 9]) {
      await arrived(count);
      clock.advance(MINUTE_MS);
    }
    const texts = (await arrived(10)).map(textOf);
    expect(texts.slice(0, 3).sort()).toEqual(['fault a', 'fault b', 'first']);
    expect(texts.slice(3, 6).sort()).toEqual(['fault c', 'fault d', 'fault e']);
    expect(texts.slice(6)).toEqual(['message a', 'message b', 'message c', 'message d']);
  });
});

describe('a common fault', () => {
  it('leaves room for others', async () => {
    const { reporter, arrived } = await open(60);
    const common = [10, 11, 12, 13, 14, 15, 16, 17, 18, 19].map(kind);
    for (let n = 0; n < 100; n += 1) for (const text of common) reporter.error(new Error(text));
    for (let n = 20; n < 40; n += 1) reporter.error(new Error(`rare ${kind(n)}`));
    const texts = (await arrived(50)).map(textOf);
    expect(texts.filter((text) => text?.startsWith('rare'))).toHaveLength(20);
    expect(new Set(texts).size).toBe(30);
  });

  it('is another fault in another place, or with another cause', async () => {
    const { reporter, arrived } = await open(1);
    const here = (cause: string) => reporter.error(new Error('no', { cause: new Error(cause) }));
    here('a');
    here('a');
    here('b');
    reporter.error(new Error('no', { cause: new Error('a') }));
    await arrived(1);
    await reporter.drain(5000);
    expect((await arrived(2)).map(({ custom }) => custom.occurrences ?? 1)).toEqual([1, 3]);
  });
});

describe('a drain', () => {
  it('sends what waits at once', async () => {
    const { sink, reporter, arrived } = await open(60);
    for (let n = 0; n < 50; n += 1) reporter.error(new Error(`fault ${n}`));
    for (let n = 0; n < 50; n += 1) reporter.warning('Hello World!');
    await reporter.drain(5000);
    const items = await arrived(6 + 20 + 2);
    expect(occurrencesOf(items)).toBe(100);
    expect(sink.report()).toMatchObject({ accepted: 100, sent: 100, dropped: 0, queued: 0 });
  });

  it('sends no more than in a minute', async () => {
    const { sink, reporter, arrived } = await open(5);
    for (let n = 0; n < 50; n += 1) reporter.error(new Error(kind(n)));
    await reporter.drain(5000);
    const items = await arrived(10);
    expect(occurrencesOf(items)).toBe(50);
    expect(sink.report()).toMatchObject({ accepted: 50, sent: 50, dropped: 0, queued: 0 });
  });

  it('counts what Rollbar does not take', async () => {
    const server = await startFaultyServer('hang', receivers.url);
    servers.push(server);
    const { sink, reporter } = await open(5, server.url);
    for (let n = 0; n < 50; n += 1) reporter.error(new Error(`fault ${n}`));
    await reporter.drain(100);
    expect(sink.report()).toMatchObject({ accepted: 50, sent: 0, dropped: 50, queued: 0 });
  });
});

it('after an outage sends no more than in a minute', async () => {
  const server = await startFaultyServer({ status: 500 }, receivers.url);
  servers.push(server);
  const { clock, sink, reporter, arrived } = await open(10, server.url);
  for (let minute = 0; minute < 5; minute += 1) {
    for (let n = 0; n < 10; n += 1) reporter.error(new Error(kind(minute * 10 + n)));
    clock.advance(MINUTE_MS);
  }
  await until(() => server.requests() > 0);
  server.become('ok');
  await arrived(10);
  expect(sink.report()).toMatchObject({ accepted: 50, sent: 10, dropped: 0 });
  clock.advance(MINUTE_MS);
  await arrived(20);
});

it('reports that Rollbar refuses count with what they stand for', async () => {
  const server = await startFaultyServer({ status: 401 }, receivers.url);
  servers.push(server);
  const { clock, sink, reporter } = await open(1, server.url);
  for (let n = 0; n < 50; n += 1) reporter.error(new Error(`fault ${n}`));
  await until(() => sink.report().dropped === 1);
  clock.advance(2 * MINUTE_MS);
  await until(() => sink.report().dropped === 50);
  expect(sink.report()).toMatchObject({ accepted: 50, sent: 0, dropped: 50, queued: 0 });
});
