import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Console, startConsole } from '../../src/console/server.ts';
import { logLine, report, segment, serverSpan, traceIdOf } from '../helpers/console-entries.ts';
import { ask } from '../helpers/http-client.ts';

let console: Console;
beforeAll(async () => {
  console = await startConsole();
});
afterAll(() => console.close());

const waitFor = (number: number, query: string) =>
  ask(`${console.url}/api/traces/${traceIdOf(number)}?${query}`);

describe('a trace that is waited for', () => {
  it('is answered as soon as the last thing that it must have is there', async () => {
    const answer = waitFor(
      1,
      'wait=30s&has=span:GET%20/orders&has=segment:list-orders&has=log:GET&has=error:no%20stock',
    );
    for (const entry of [serverSpan(1), segment(1, 'shop', 'list-orders'), logLine(1, 'GET /orders 200')]) {
      console.journal.add(entry);
    }
    console.journal.add(report(2, 'no stock'));
    console.journal.add(report(1, 'no stock'));
    const { status, body, durationMs } = await answer;
    expect({ status, trace: JSON.parse(body).summary.traceId }).toEqual({ status: 200, trace: traceIdOf(1) });
    expect(durationMs).toBeLessThan(10_000);
  });

  it('is answered at once when all is there already', async () => {
    console.journal.add(serverSpan(3));
    expect(await waitFor(3, 'wait=30s&has=span')).toMatchObject({ status: 200 });
  });

  it('is answered with what is missing, and what is known, when the time is over', async () => {
    console.journal.add(serverSpan(4));
    const { status, body } = await waitFor(4, 'wait=50ms&has=span&has=log&has=error:no%20stock');
    expect(status).toBe(408);
    expect(JSON.parse(body)).toMatchObject({
      message: 'log, error:no stock did not come within 50 ms',
      missing: ['log', 'error:no stock'],
      summary: { name: 'GET /orders' },
    });
    expect(await waitFor(5, 'wait=1ms')).toMatchObject({ status: 408 });
  });

  it.each([
    ['wait=5', /wait/],
    ['wait=61s', /wait/],
    ['has=spam', /has/],
    ['has=span:', /has/],
    ['until=now', /until/],
  ])('is refused when the question is %s', async (query, message) => {
    const { status, body } = await waitFor(1, query);
    expect({ status, message: JSON.parse(body).message }).toEqual({
      status: 400,
      message: expect.stringMatching(message),
    });
  });
});
