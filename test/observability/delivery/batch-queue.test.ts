import { context, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { isTracingSuppressed } from '@opentelemetry/core';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type BatchQueueOptions, createBatchQueue } from '../../../src/observability/delivery/batch-queue.ts';
import { type Delivery, Refused, Throttled } from '../../../src/observability/delivery/delivery.ts';
import { createSinkCounters } from '../../../src/observability/delivery/sink-counters.ts';

interface Item {
  readonly id: number;
  readonly bytes: number;
}

/** A queue, and a back end whose deliveries the test settles one by one. */
function setUp(overrides: Partial<BatchQueueOptions<Item>> = {}) {
  const sink = createSinkCounters('cloudwatch', 'localhost:1');
  const underWay: {
    batch: readonly Item[];
    resolve(delivery: Delivery): void;
    reject(error: unknown): void;
  }[] = [];
  let attempts = 0;
  const options: BatchQueueOptions<Item> = {
    sink,
    maxItems: 10,
    maxBytes: 100,
    batchItems: 4,
    batchBytes: 40,
    delayMs: 1000,
    concurrency: 1,
    sizeOf: ({ bytes }) => bytes,
    deliver: (batch) => {
      attempts += 1;
      const { promise, resolve, reject } = Promise.withResolvers<Delivery>();
      underWay.push({ batch, resolve, reject });
      return promise;
    },
    ...overrides,
  };
  const queue = createBatchQueue(options);
  let added = 0;

  async function settle(how: (delivery: (typeof underWay)[number]) => void) {
    const delivery = underWay.shift();
    if (delivery === undefined) throw new Error('nothing is in flight');
    how(delivery);
    await vi.advanceTimersByTimeAsync(0);
    return delivery.batch.map(({ id }) => id);
  }

  return {
    queue,
    sink,
    options,
    underWay,
    attempts: () => attempts,
    add: (bytes = 1, count = 1) => {
      for (let i = 0; i < count; i += 1) queue.add({ id: ++added, bytes });
    },
    pass: (ms: number) => vi.advanceTimersByTimeAsync(ms),
    acknowledge: () => settle(({ resolve }) => resolve({ rejected: 0 })),
    answer: (delivery: Delivery) => settle(({ resolve }) => resolve(delivery)),
    fail: (error: unknown) => settle(({ reject }) => reject(error)),
    counts: () => {
      const { accepted, sent, dropped, queued, last_error } = sink.report();
      return { accepted, sent, dropped, queued, last_error };
    },
  };
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});

afterEach(() => {
  vi.useRealTimers();
});

describe('a batch queue', () => {
  it('sends the items of one delay as one batch', async () => {
    const { add, pass, underWay, acknowledge, counts } = setUp();
    add(1, 3);
    await pass(999);
    expect(underWay).toHaveLength(0);
    await pass(1);
    expect(await acknowledge()).toEqual([1, 2, 3]);
    expect(counts()).toMatchObject({ accepted: 3, sent: 3, dropped: 0, queued: 0, last_error: null });
  });

  it('sends at once when a batch is full, by items or by bytes', async () => {
    const byItems = setUp();
    byItems.add(1, 5);
    expect(await byItems.acknowledge()).toEqual([1, 2, 3, 4]);
    const byBytes = setUp();
    byBytes.add(25, 2);
    expect(await byBytes.acknowledge()).toEqual([1]);
  });

  it('sends an item that is larger than a batch by itself', async () => {
    const { add, acknowledge, pass } = setUp();
    add(60);
    add(1);
    expect(await acknowledge()).toEqual([1]);
    await pass(1000);
    expect(await acknowledge()).toEqual([2]);
  });

  it('has no more batches in flight than its concurrency', async () => {
    const { add, underWay, acknowledge } = setUp({ concurrency: 2 });
    add(1, 10);
    expect(underWay).toHaveLength(2);
    await acknowledge();
    expect(underWay).toHaveLength(1);
  });

  it('drops and counts items when it is full', async () => {
    const { add, queue, counts } = setUp();
    add(1, 12);
    expect(queue.isFull()).toBe(true);
    expect(counts()).toMatchObject({
      accepted: 12,
      sent: 0,
      dropped: 2,
      queued: 10,
      last_error: 'queue full',
    });
  });

  it('has room again after an acknowledgement', async () => {
    const { add, queue, acknowledge, counts } = setUp();
    add(1, 10);
    await acknowledge();
    expect(queue.isFull()).toBe(false);
    add(200);
    add(1);
    expect(counts()).toMatchObject({ accepted: 12, sent: 4, dropped: 1, queued: 7 });
  });

  it('retries a failed batch before later ones, at growing intervals', async () => {
    const { add, pass, fail, acknowledge, attempts, underWay } = setUp();
    add(1, 4);
    for (const backoff of [250, 500, 1000, 2000]) {
      const before = attempts();
      await fail(new Error('down'));
      add();
      await pass(backoff * 0.79);
      expect(attempts()).toBe(before);
      await pass(backoff * 0.42);
      expect(attempts()).toBe(before + 1);
    }
    expect(await acknowledge()).toEqual([1, 2, 3, 4]);
    expect(underWay[0]?.batch.map(({ id }) => id)).toEqual([5, 6, 7, 8]);
  });

  it('retries a failed batch as it was, without the items that came meanwhile', async () => {
    const { add, pass, fail, acknowledge, underWay } = setUp();
    add();
    await pass(1000);
    const sent = underWay[0]?.batch;
    await fail(new Error('down'));
    add(1, 2);
    await pass(300);
    expect(underWay[0]?.batch).toBe(sent);
    await acknowledge();
    await pass(1000);
    expect(await acknowledge()).toEqual([2, 3]);
  });

  it('is full for items that are not built yet once the last bytes are taken, and counts them', () => {
    const { add, queue, counts } = setUp();
    add(99);
    expect(queue.isFull()).toBe(true);
    queue.drop();
    expect(counts()).toMatchObject({ accepted: 2, dropped: 1, queued: 1, last_error: 'queue full' });
    add(1);
    expect(counts()).toMatchObject({ accepted: 3, dropped: 1, queued: 2 });
  });

  it('retries every half minute in a long outage', async () => {
    const { add, pass, fail, attempts } = setUp();
    add(1, 4);
    for (let i = 0; i < 20; i += 1) {
      await fail(new Error('down'));
      await pass(36_000);
    }
    const before = attempts();
    await fail(new Error('down'));
    await pass(23_000);
    expect(attempts()).toBe(before);
    await pass(13_000);
    expect(attempts()).toBe(before + 1);
  });

  it.each([
    [5_000, 5_000],
    [1e12, 300_000],
    [Number.NaN, 300],
    [-1, 300],
  ])('pauses for the %d ms that the back end asks for, up to a limit', async (asked, pause) => {
    const { add, pass, fail, attempts } = setUp();
    add(1, 4);
    await fail(new Throttled('slow down', asked));
    await pass(Math.min(pause, 199) - 1);
    expect(attempts()).toBe(1);
    if (pause > 300) {
      await pass(pause - 200);
      expect(attempts()).toBe(1);
    }
    await pass(pause);
    expect(attempts()).toBe(2);
  });

  it('drops a refused batch and continues with the next', async () => {
    const { add, fail, acknowledge, counts } = setUp();
    add(1, 8);
    await fail(new Refused('never'));
    expect(await acknowledge()).toEqual([5, 6, 7, 8]);
    expect(counts()).toMatchObject({ sent: 4, dropped: 4, queued: 0, last_error: 'Refused: never' });
  });

  it('counts the items that the back end rejected within a batch', async () => {
    const { add, answer, counts } = setUp();
    add(1, 4);
    await answer({ rejected: 3, reason: 'too old' });
    expect(counts()).toMatchObject({ sent: 1, dropped: 3, queued: 0, last_error: 'too old' });
  });

  it('sends outside the trace of the item', async () => {
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
    const contexts: unknown[] = [];
    const deliver = async (): Promise<Delivery> => {
      await Promise.resolve();
      contexts.push({ span: trace.getActiveSpan(), suppressed: isTracingSuppressed(context.active()) });
      return { rejected: 0 };
    };
    const { queue, add, pass } = setUp({ deliver });
    const span = { traceId: 'c0ffee00c0ffee00c0ffee00c0ffee00', spanId: 'c0ffee00c0ffee00', traceFlags: 1 };
    const inRequest = <T>(work: () => T) => context.with(trace.setSpanContext(context.active(), span), work);
    inRequest(() => add());
    await pass(1000);
    inRequest(() => add(1, 4));
    await pass(0);
    inRequest(() => add());
    await inRequest(() => queue.drain(1000));
    context.disable();
    expect(contexts).toEqual(Array(3).fill({ span: undefined, suppressed: true }));
  });

  it('treats a delivery that throws synchronously or resolves with undefined as failed', async () => {
    const thrower = setUp({
      deliver: () => {
        throw new Error('bug');
      },
    });
    thrower.add(1, 4);
    await thrower.pass(0);
    expect(thrower.counts()).toMatchObject({ queued: 4, dropped: 0, last_error: 'bug' });
    const mute = setUp({ deliver: async () => undefined as unknown as Delivery });
    mute.add(1, 4);
    await mute.pass(0);
    expect(mute.counts()).toMatchObject({ queued: 4, sent: 0, dropped: 0 });
  });
});

describe('draining a batch queue', () => {
  it('waits for batches in flight and sends the rest', async () => {
    const { queue, add, acknowledge, counts } = setUp();
    add(1, 6);
    const drained = queue.drain(10_000);
    expect(await acknowledge()).toEqual([1, 2, 3, 4]);
    add();
    expect(await acknowledge()).toEqual([5, 6]);
    expect(await acknowledge()).toEqual([7]);
    await drained;
    expect(counts()).toMatchObject({ accepted: 7, sent: 7, dropped: 0, queued: 0 });
  });

  it('does not wait for the end of a pause', async () => {
    const { queue, add, fail, acknowledge, attempts } = setUp();
    add(1, 4);
    await fail(new Throttled('slow down', 60_000));
    const drained = queue.drain(10_000);
    expect(attempts()).toBe(2);
    await acknowledge();
    await drained;
  });

  it('retries until the deadline, then drops and counts the rest', async () => {
    const { queue, add, fail, pass, counts } = setUp();
    add(1, 6);
    const drained = queue.drain(1000);
    await fail(new Error('down'));
    await pass(300);
    await fail(new Error('down'));
    await pass(700);
    await drained;
    expect(counts()).toMatchObject({
      accepted: 6,
      sent: 0,
      dropped: 6,
      queued: 0,
      last_error: 'not acknowledged within 1000 ms of the drain',
    });
  });

  it('ignores an acknowledgement after the deadline, and drops items added later', async () => {
    const { queue, add, acknowledge, pass, counts, attempts } = setUp();
    add(1, 4);
    const drained = queue.drain(1);
    await pass(1);
    await drained;
    await acknowledge();
    add();
    expect(queue.isFull()).toBe(true);
    expect(attempts()).toBe(1);
    expect(counts()).toMatchObject({
      accepted: 5,
      sent: 0,
      dropped: 5,
      queued: 0,
      last_error: 'already drained',
    });
  });

  it('resolves at once when the queue is empty, also the second time', async () => {
    const { queue, counts } = setUp();
    await Promise.all([queue.drain(60_000), queue.drain(60_000)]);
    await queue.drain(60_000);
    expect(counts()).toMatchObject({ accepted: 0, sent: 0, dropped: 0, last_error: null });
  });
});

describe('any sequence of events', () => {
  type Step =
    | { readonly add: number }
    | { readonly pass: number }
    | { readonly settle: 'acknowledge' | 'refuse' | 'throttle' | 'fail'; readonly rejected: number };
  const step: fc.Arbitrary<Step> = fc.oneof(
    { weight: 4, arbitrary: fc.record({ add: fc.integer({ min: 0, max: 60 }) }) },
    { weight: 2, arbitrary: fc.record({ pass: fc.integer({ min: 0, max: 2000 }) }) },
    {
      weight: 3,
      arbitrary: fc.record({
        settle: fc.constantFrom('acknowledge', 'refuse', 'throttle', 'fail'),
        rejected: fc.oneof(fc.integer({ min: -1, max: 6 }), fc.constant(Number.NaN)),
      }),
    },
  );

  it('keeps accepted = sent + dropped + queued, the bounds, and the order; acknowledges each item once', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 60 }),
        fc.integer({ min: 1, max: 3 }),
        async (steps, concurrency) => {
          const { queue, options, underWay, add, pass, answer, fail, counts } = setUp({ concurrency });
          const acknowledged: number[] = [];
          let added = 0;
          for (const step of steps) {
            if ('add' in step) {
              add(step.add);
              added += 1;
            } else if ('pass' in step) {
              await pass(step.pass);
            } else if (underWay.length > 0) {
              if (step.settle === 'acknowledge')
                acknowledged.push(...(await answer({ rejected: step.rejected })));
              else if (step.settle === 'refuse') await fail(new Refused('never'));
              else if (step.settle === 'throttle') await fail(new Throttled('slow down', 700));
              else await fail(new Error('down'));
            }
            const { accepted, sent, dropped, queued } = counts();
            expect(accepted).toBe(added);
            expect(sent + dropped + queued).toBe(accepted);
            expect(queued).toBeLessThanOrEqual(options.maxItems);
            expect(underWay.length).toBeLessThanOrEqual(concurrency);
            for (const { batch } of underWay) {
              const bytes = batch.reduce((sum, item) => sum + item.bytes, 0);
              expect(batch.length).toBeLessThanOrEqual(options.batchItems);
              expect(batch.length === 1 || bytes <= options.batchBytes).toBe(true);
            }
          }
          expect(new Set(acknowledged).size).toBe(acknowledged.length);
          if (concurrency === 1) expect(acknowledged).toEqual(acknowledged.toSorted((a, b) => a - b));

          const drained = queue.drain(20);
          while (underWay.length > 0) await answer({ rejected: 0 });
          await drained;
          const { accepted, sent, dropped, queued } = counts();
          expect({ sum: sent + dropped, queued }).toEqual({ sum: accepted, queued: 0 });
        },
      ),
      { numRuns: 150 },
    );
  });
});
