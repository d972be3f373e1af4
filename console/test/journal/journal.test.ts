import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Entry } from '../../src/journal/entries.ts';
import { createJournal, type Journal } from '../../src/journal/journal.ts';

const ONE = '1'.repeat(32);
const TWO = '2'.repeat(32);

function line(traceId: string | undefined, message: string, receivedAt = 0): Entry {
  return { kind: 'log', traceId, receivedAt, log: { group: 'g', stream: 's', timestamp: 0, message } };
}

function filled(maxBytes: number, arrivals: readonly Entry[]): Journal {
  const journal = createJournal({ maxBytes });
  for (const entry of arrivals) journal.add(entry);
  return journal;
}

describe('the journal', () => {
  it('returns entries by trace, in the order of arrival', () => {
    const journal = createJournal();
    const arrivals = [line(ONE, 'a', 1), line(TWO, 'b', 2), line(undefined, 'c', 3), line(ONE, 'd', 4)];
    for (const entry of arrivals) journal.add(entry);

    expect(journal.entries()).toEqual(arrivals);
    expect(journal.byTrace(ONE)).toEqual([arrivals[0], arrivals[3]]);
    expect(journal.byTrace('1-22222222-222222222222222222222222')).toEqual([arrivals[1]]);
    expect(journal.byTrace('nonsense')).toEqual([]);
  });

  it('evicts the oldest trace with all its entries', () => {
    const big = 'x'.repeat(6000);
    const journal = createJournal({ maxBytes: 32_000 });
    const arrivals = [line(ONE, big), line(TWO, big), line(ONE, big), line(undefined, big), line(TWO, big)];
    for (const entry of arrivals) journal.add(entry);

    expect(journal.byTrace(ONE)).toEqual([]);
    expect(journal.summary(ONE)).toBeUndefined();
    expect(journal.byTrace(TWO)).toHaveLength(2);
    expect(journal.entries()).toEqual([arrivals[1], arrivals[3], arrivals[4]]);
    expect([...journal.logEvents('g')]).toHaveLength(3);
    expect(journal.counts()).toMatchObject({ evicted: 2, received: { log: 5 } });
  });

  it('starts an evicted trace again when more of it arrives', () => {
    const journal = filled(
      32_000,
      Array.from({ length: 20 }, (_, n) => line(ONE, `${n} `.repeat(2000))),
    );

    const kept = journal.byTrace(ONE);
    expect(kept.length).toBeGreaterThan(0);
    expect(journal.summary(ONE)?.counts.log).toBe(kept.length);
    expect(journal.counts().evicted).toBe(20 - kept.length);
  });

  it('drops an entry that is larger than the journal, and keeps the others', () => {
    const journal = filled(10_000, [line(ONE, 'a'), line(TWO, 'x'.repeat(20_000))]);

    expect(journal.entries()).toEqual([line(ONE, 'a')]);
    expect(journal.counts()).toMatchObject({ evicted: 1, received: { log: 2 } });
  });

  it('stays within its size and is consistent, whatever arrives', () => {
    const id = fc.constantFrom(...[1, 2, 3, 4, 5, 6].map((digit) => String(digit).repeat(32)), undefined);
    const arrival = fc.record({ id, size: fc.integer({ min: 0, max: 4000 }), text: fc.string() });
    fc.assert(
      fc.property(
        fc.array(arrival, { maxLength: 60 }),
        fc.integer({ min: 6000, max: 60_000 }),
        (all, max) => {
          const arrivals = all.map(({ id, size, text }, n) => line(id, text + 'é'.repeat(size / 2), n));
          const journal = createJournal({ maxBytes: max });
          for (const entry of arrivals) {
            journal.add(entry);
            expect(journal.counts().bytes).toBeLessThanOrEqual(max);
          }
          const kept = journal.entries();
          expect(kept).toEqual(
            arrivals.filter(({ receivedAt }) => kept.some((e) => e.receivedAt === receivedAt)),
          );
          expect(kept.length + journal.counts().evicted).toBe(arrivals.length);
          for (const { traceId, counts } of journal.summaries()) {
            const own = kept.filter((entry) => entry.traceId === traceId);
            expect(journal.byTrace(traceId)).toEqual(own);
            expect(counts.log).toBe(own.length);
          }
          expect([...journal.logEvents('g')].map(({ receivedAt }) => receivedAt)).toEqual(
            kept.map(({ receivedAt }) => receivedAt),
          );
        },
      ),
      { numRuns: 50 },
    );
  });

  it('calls a listener with each entry and its trace until the listener is removed', () => {
    const journal = createJournal();
    const seen: unknown[] = [];
    const leave = journal.subscribe({
      added: (entry, summary) => seen.push([entry, summary?.counts.log, summary?.revision]),
      cleared: () => seen.push('cleared'),
    });
    journal.add(line(ONE, 'a'));
    journal.add(line(ONE, 'b'));
    journal.add(line(undefined, 'c'));
    journal.clear();
    leave();
    journal.add(line(ONE, 'd'));

    expect(seen).toEqual([
      [line(ONE, 'a'), 1, 1],
      [line(ONE, 'b'), 2, 2],
      [line(undefined, 'c'), undefined, undefined],
      'cleared',
    ]);
  });

  it('returns the log events of one group by time', () => {
    const journal = createJournal();
    const log = (group: string, timestamp: number, message = String(timestamp)): Entry => ({
      kind: 'log',
      traceId: undefined,
      receivedAt: 7,
      log: { group, stream: 's', timestamp, message },
    });
    for (const entry of [log('a', 3), log('b', 1), log('a', 1), log('a', 2)]) journal.add(entry);

    const events = [...journal.logEvents('a')];
    expect(events).toMatchObject([{ timestamp: 3, receivedAt: 7 }, { timestamp: 1 }, { timestamp: 2 }]);
    expect(events.map(({ id }) => id)).toEqual(
      [...new Set(events.map(({ id }) => id))].sort((a, b) => a - b),
    );
    expect([...journal.logEvents('a', 1, 3)].map(({ timestamp }) => timestamp)).toEqual([1, 2]);
    expect([...journal.logEvents('none')]).toEqual([]);
  });

  it('counts unreadable inputs and has samples of the latest', () => {
    const journal = createJournal();
    for (let i = 0; i < 150; i++) journal.recordUnreadable('otlp', `reason ${i}`, 'x'.repeat(10_000));

    expect(journal.counts().unread).toMatchObject({ otlp: 150, xray: 0 });
    expect(journal.sinks().otlp).toMatchObject({ unread: 150, lastUnread: 'reason 149', received: 0 });
    expect(journal.unread()).toHaveLength(100);
    expect(journal.unread().at(-1)).toMatchObject({ protocol: 'otlp', reason: 'reason 149' });
    expect(journal.unread().at(-1)?.sample).toHaveLength(500);
  });

  it('has counts and the time of the last input per protocol', () => {
    const journal = filled(100_000, [line(ONE, 'a', 1), line(undefined, 'b', 2)]);
    journal.count('metrics', 3);

    expect(journal.sinks()).toMatchObject({
      'cloudwatch-logs': { received: 2, lastReceivedAt: 2 },
      rollbar: { received: 0, lastReceivedAt: null, lastUnread: null },
    });
    expect(journal.counts().counted).toEqual({ metrics: 3, otlpLogs: 0 });
  });

  it('is empty after it was cleared, with a higher revision', () => {
    const journal = filled(100_000, [line(ONE, 'a'), line(undefined, 'b')]);
    journal.recordUnreadable('otlp', 'reason', 'sample');
    journal.count('metrics', 3);
    journal.clear();

    expect(journal.entries()).toEqual([]);
    expect([...journal.summaries()]).toEqual([]);
    expect([...journal.logEvents('g')]).toEqual([]);
    expect(journal.unread()).toEqual([]);
    expect(journal.counts()).toEqual(createJournal({ maxBytes: 100_000 }).counts());
    expect(journal.revision()).toBe(2);
    journal.add(line(ONE, 'c'));
    expect(journal.byTrace(ONE)).toEqual([line(ONE, 'c')]);
  });
});
