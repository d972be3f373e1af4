import diagnostics from 'node:diagnostics_channel';
import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ConsoleStatus, TraceSummary } from '../../src/api/types.ts';
import { type Console, startConsole } from '../../src/server.ts';
import { ask } from '../helpers/network/http-client.ts';
import { until } from '../helpers/until.ts';
import { logLine, report, serverSpan, traceIdOf } from './console-entries.ts';
import { type EventStream, openEventStream } from './event-stream.ts';

/** A little more than the time between two batches. */
const MS_PER_BATCH = 120;

let console: Console;
const streams: EventStream[] = [];
beforeEach(async () => {
  console = await startConsole();
});
afterEach(async () => {
  for (const stream of streams.splice(0)) stream.close();
  await console.close();
});

async function follow(lastEventId?: string): Promise<EventStream> {
  const stream = await openEventStream(`${console.url}/api/live`, lastEventId);
  streams.push(stream);
  return stream;
}

const has = (number: number) => (traces: TraceSummary[]) =>
  traces.some(({ traceId }) => traceId === traceIdOf(number));

/** Returns the numbers of the traces in all events, in order. */
function numbersIn(stream: EventStream): number[] {
  const traces = stream.events().filter(({ event }) => event === 'traces');
  return traces.flatMap(({ data }) =>
    (data as TraceSummary[]).map(({ traceId }) => Number.parseInt(traceId.slice(8), 16)),
  );
}

describe('the event stream', () => {
  it('starts with the current state and continues with changes', async () => {
    console.journal.add(serverSpan(1));
    const stream = await follow();
    expect(stream.response.headers['content-type']).toBe('text/event-stream');
    await stream.until('hello', ({ epoch }: { epoch: string }) => epoch !== '');
    await stream.until('status', ({ sinks }: ConsoleStatus) => sinks.otlp.received === 1);
    await stream.until('traces', has(1));

    console.journal.add(serverSpan(2));
    console.journal.add(report(2, 'no stock'));
    await stream.until('traces', (traces: TraceSummary[]) => traces.some(({ counts }) => counts.error === 1));
    await stream.until('status', ({ sinks }: ConsoleStatus) => sinks.rollbar.received === 1);
    expect(new Set(numbersIn(stream))).toEqual(new Set([1, 2]));
  });

  it('resumes after the last event of a client that reconnects', async () => {
    console.journal.add(serverSpan(1));
    const first = await follow();
    const { id } = await first.until('traces', has(1));
    first.close();
    console.journal.add(serverSpan(2));

    const again = await follow(id);
    await again.until('traces', has(2));
    expect(numbersIn(again)).toEqual([2]);
    expect(again.events().map(({ event }) => event)).not.toContain('cleared');
  });

  it.each([
    ['of another console', '00000000-0000-0000-0000-000000000000:1'],
    ['of an unknown form', 'x'],
    ['from the future', undefined],
  ])('starts again for a client with an id %s', async (_, id) => {
    console.journal.add(serverSpan(1));
    const first = await follow();
    const { epoch } = (await first.until('hello')).data as { epoch: string };
    const stream = await follow(id ?? `${epoch}:999`);
    await stream.until('traces', has(1));
    const names = stream.events().map(({ event }) => event);
    expect(names.indexOf('cleared')).toBeLessThan(names.indexOf('traces'));
    expect(names).toContain('cleared');
  });

  it('reports that all was deleted, also to a client that reconnects later', async () => {
    console.journal.add(serverSpan(1));
    const stream = await follow();
    const { id } = await stream.until('traces', has(1));
    const before = stream.events().length;
    console.journal.clear();
    await stream.until('status', ({ sinks }: ConsoleStatus) => sinks.otlp.received === 0);
    expect(
      stream
        .events()
        .slice(before)
        .map(({ event }) => event),
    ).toContain('cleared');

    const late = await follow(id);
    await late.until('cleared');
    console.journal.add(serverSpan(2));
    await late.until('traces', has(2));
    expect(numbersIn(late)).toEqual([2]);
  });

  it('sends a new client the newest 5,000 traces, in batches', async () => {
    for (let number = 1; number <= 6000; number += 1) console.journal.add(serverSpan(number));
    const stream = await follow();
    await stream.until('traces', has(6000));
    const numbers = numbersIn(stream);
    expect(numbers).toHaveLength(5000);
    expect(Math.min(...numbers)).toBe(1001);
  });

  it('has no queue for a slow client, which gets the latest state when it reads', async () => {
    const TRACES = 4000;
    const ROUNDS = 10;
    const stream = await follow();
    stream.response.pause();
    for (let number = 1; number <= TRACES; number += 1) console.journal.add(serverSpan(number));
    for (let round = 1; round <= ROUNDS; round += 1) {
      for (let number = 1; number <= TRACES; number += 1) console.journal.add(logLine(number, 'x'));
      await sleep(MS_PER_BATCH);
    }
    stream.response.resume();
    await stream.until('traces', (traces: TraceSummary[]) =>
      traces.some(({ traceId, counts }) => traceId === traceIdOf(TRACES) && counts.log === ROUNDS),
    );
    const numbers = numbersIn(stream);
    expect(new Set(numbers).size).toBe(TRACES);
    expect(numbers.length).toBeLessThan((TRACES * ROUNDS) / 2);
  });

  it('disconnects a client with too much unsent data, and no other', async () => {
    const served = Promise.withResolvers<ServerResponse>();
    const seen = (message: unknown) => served.resolve((message as { response: ServerResponse }).response);
    diagnostics.subscribe('http.server.request.start', seen);
    const slow = await follow();
    diagnostics.unsubscribe('http.server.request.start', seen);
    const response = await served.promise;
    const quick = await follow();
    slow.response.pause();
    // The kernel buffers megabytes before the console has unsent data.
    for (let round = 1; !response.destroyed && round <= 100; round += 1) {
      for (let number = 1; number <= 250; number += 1) {
        console.journal.add(serverSpan(number, { route: '漢'.repeat(200) }));
      }
      const newest = `:${console.journal.revision()}`;
      await until(() => quick.lastId()?.endsWith(newest));
      expect(response.writableLength).toBeLessThan(3 * 1024 * 1024);
    }

    expect(response.destroyed).toBe(true);
    expect(quick.response.destroyed).toBe(false);
  });

  it('responds to HEAD without a stream', async () => {
    expect(await ask(`${console.url}/api/live`, { method: 'HEAD' })).toMatchObject({
      status: 200,
      headers: { 'content-type': expect.stringMatching(/^text\/event-stream/) },
      body: '',
    });
  });
});
