import { describe, expect, it } from 'vitest';
import type { Entry } from '../../src/console/journal/entries.ts';
import { createJournal } from '../../src/console/journal/journal.ts';

const ONE = '1'.repeat(32);
const TWO = '2'.repeat(32);

function line(traceId: string | undefined, message: string, receivedAt = 0): Entry {
  return { kind: 'log', traceId, receivedAt, log: { group: 'g', stream: 's', timestamp: 0, message } };
}

describe('the journal', () => {
  it('gives back what came, by trace and in the order of arrival', () => {
    const journal = createJournal();
    const arrivals = [line(ONE, 'a', 1), line(TWO, 'b', 2), line(undefined, 'c', 3), line(ONE, 'd', 4)];
    for (const entry of arrivals) journal.add(entry);

    expect(journal.entries()).toEqual(arrivals);
    expect(journal.byTrace(ONE)).toEqual([arrivals[0], arrivals[3]]);
    expect(journal.byTrace('1-22222222-222222222222222222222222')).toEqual([arrivals[1]]);
    expect(journal.byTrace('nonsense')).toEqual([]);
  });

  it('stays within its bytes: the trace that began first goes first, with all that belongs to it', () => {
    const journal = createJournal(10_000);
    const big = 'x'.repeat(2500);
    journal.add(line(ONE, big));
    journal.add(line(TWO, big));
    journal.add(line(ONE, big));
    journal.add(line(undefined, big));

    expect(journal.byTrace(ONE)).toEqual([]);
    expect(journal.byTrace(TWO)).toHaveLength(1);
    expect(journal.entries()).toHaveLength(2);
    expect(journal.counts()).toMatchObject({ evicted: 2, received: { log: 4 } });
    expect(journal.counts().bytes).toBeLessThanOrEqual(10_000);
  });

  it('keeps nothing of an entry that alone is larger than its bytes', () => {
    const journal = createJournal(1000);
    journal.add(line(ONE, 'x'.repeat(2000)));

    expect(journal.entries()).toEqual([]);
    expect(journal.counts()).toMatchObject({ evicted: 1, bytes: 0 });
  });

  it('tells subscribers of each entry until they leave', () => {
    const journal = createJournal();
    const seen: Entry[] = [];
    const leave = journal.subscribe((entry) => seen.push(entry));
    journal.add(line(ONE, 'a'));
    leave();
    journal.add(line(ONE, 'b'));

    expect(seen).toEqual([line(ONE, 'a')]);
  });

  it('counts all that could not be read and keeps the beginning of the latest', () => {
    const journal = createJournal();
    for (let i = 0; i < 150; i++) journal.couldNotRead('otlp', `reason ${i}`, 'x'.repeat(10_000));

    expect(journal.counts().unread).toMatchObject({ otlp: 150, xray: 0 });
    expect(journal.unread()).toHaveLength(100);
    expect(journal.unread().at(-1)).toMatchObject({ protocol: 'otlp', reason: 'reason 149' });
    expect(journal.unread().at(-1)?.sample).toHaveLength(500);
  });
});
