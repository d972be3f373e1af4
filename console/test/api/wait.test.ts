import { get } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createJournal } from '../../src/journal/journal.ts';
import { type Console, startConsole } from '../../src/server.ts';
import { ask } from '../helpers/network/http-client.ts';
import { until } from '../helpers/until.ts';
import { logLine, report, segment, serverSpan, traceIdOf } from './console-entries.ts';

let console: Console;
let listeners = 0;
beforeAll(async () => {
  const { subscribe, ...journal } = createJournal();
  console = await startConsole({
    journal: {
      ...journal,
      subscribe(listener) {
        const leave = subscribe(listener);
        listeners += 1;
        return () => {
          listeners -= 1;
          leave();
        };
      },
    },
  });
});
afterAll(() => console.close());

const waitFor = (number: number, query: string) =>
  ask(`${console.url}/api/traces/${traceIdOf(number)}?${query}`);

describe('a request that waits for a trace', () => {
  it('is answered as soon as the last condition is met', async () => {
    const start = performance.now();
    const answer = waitFor(
      1,
      'wait=30s&has=span:GET%20/orders&has=segment:list-orders&has=log:GET&has=error:no%20stock',
    );
    for (const entry of [serverSpan(1), segment(1, 'shop', 'list-orders'), logLine(1, 'GET /orders 200')]) {
      console.journal.add(entry);
    }
    console.journal.add(report(2, 'no stock'));
    console.journal.add(report(1, 'no stock'));
    const { status, body } = await answer;
    expect({ status, trace: JSON.parse(body).summary.traceId }).toEqual({ status: 200, trace: traceIdOf(1) });
    expect(performance.now() - start).toBeLessThan(10_000);
  });

  it('is answered at once when all conditions are met', async () => {
    console.journal.add(serverSpan(3));
    expect(await waitFor(3, 'wait=30s&has=span')).toMatchObject({ status: 200 });
  });

  it('is answered with the missing parts and the summary after the timeout', async () => {
    console.journal.add(serverSpan(4));
    const { status, body } = await waitFor(4, 'wait=50ms&has=span&has=log&has=error:no%20stock');
    expect(status).toBe(408);
    expect(JSON.parse(body)).toMatchObject({
      message: 'log, error:no stock did not arrive within 50 ms',
      missing: ['log', 'error:no stock'],
      summary: { name: 'GET /orders' },
    });
    expect(await waitFor(5, 'wait=1ms')).toMatchObject({ status: 408 });
  });

  it('waits again for all conditions after the traces were deleted', async () => {
    const idle = listeners;
    console.journal.add(serverSpan(6));
    const answer = waitFor(6, 'wait=30s&has=span&has=log');
    await until(() => listeners === idle + 1);
    console.journal.clear();
    console.journal.add(logLine(6, 'line'));
    console.journal.add(serverSpan(6));

    const { status, body } = await answer;
    expect({ status, counts: JSON.parse(body).summary.counts }).toEqual({
      status: 200,
      counts: { span: 1, segment: 0, log: 1, error: 0 },
    });
  });

  it('stops waiting when the client disconnects', async () => {
    const idle = listeners;
    const request = get(`${console.url}/api/traces/${traceIdOf(7)}?wait=60s`).on('error', () => {});
    await until(() => listeners === idle + 1);
    request.destroy();
    await until(() => listeners === idle);
  });

  it.each([
    ['span:GET /orders', 'span:GET /order'],
    ['segment:shop', 'segment:sho'],
    ['segment:list-orders', 'segment:orders'],
    ['log:a line', 'log:another line'],
    ['error:TypeError', 'error:RangeError'],
    ['error:no stock', 'error:stock of none'],
  ])('meets %s and not %s', async (there, missing) => {
    for (const entry of [serverSpan(8), segment(8, 'shop', 'list-orders'), logLine(8, 'this is a line')]) {
      console.journal.add(entry);
    }
    console.journal.add(report(8, 'no stock is left'));
    expect(await waitFor(8, `has=${encodeURIComponent(there)}`)).toMatchObject({ status: 200 });
    const { status, body } = await waitFor(8, `has=${encodeURIComponent(missing)}`);
    expect({ status, missing: JSON.parse(body).missing }).toEqual({ status: 408, missing: [missing] });
  });

  it.each([
    ['wait=5', /wait/],
    ['wait=61s', /wait/],
    ['has=spam', /has/],
    ['has=span:', /has/],
    ['until=now', /until/],
    ['wait=1s&wait=2s', /^wait: must be given once$/],
    ['has=span&has=x&has=y&wait=x', /^wait: must be.*; has: 1: must be.*; has: 2: must be/],
    [Array(101).fill('has=span').join('&'), /^has: must be given at most 100 times$/],
  ])('is refused for the query %s', async (query, message) => {
    const { status, body } = await waitFor(1, query);
    expect({ status, message: JSON.parse(body).message }).toEqual({
      status: 400,
      message: expect.stringMatching(message),
    });
  });
});
