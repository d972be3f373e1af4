import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TraceSummary } from '../../src/api/types.ts';
import { type Console, startConsole } from '../../src/server.ts';
import { ask } from '../helpers/network/http-client.ts';
import { logLine, report, segment, serverSpan, traceIdOf } from './console-entries.ts';

let console: Console;
beforeAll(async () => {
  console = await startConsole();
  console.journal.add(serverSpan(1, { route: '/orders', durationMs: 5 }));
  console.journal.add(
    serverSpan(2, { route: '/orders/:id', path: '/orders/42', status: 404, durationMs: 50 }),
  );
  console.journal.add(serverSpan(3, { method: 'POST', route: '/orders', status: 503, durationMs: 500 }));
  console.journal.add(report(3, 'no stock'));
});
afterAll(() => console.close());

async function list(query = ''): Promise<TraceSummary[]> {
  const { status, body } = await ask(`${console.url}/api/traces${query}`);
  expect(status, body).toBe(200);
  return JSON.parse(body).traces;
}

const idsOf = (traces: readonly TraceSummary[]) => traces.map(({ traceId }) => traceId);

describe('the list of traces', () => {
  it('has a summary of each trace, newest first', async () => {
    const traces = await list();
    expect(idsOf(traces)).toEqual([3, 2, 1].map(traceIdOf));
    expect(traces[0]).toMatchObject({
      ...{ name: 'POST /orders', method: 'POST', route: '/orders', service: 'shop', status: 503 },
      ...{ durationMs: 500, failed: true, counts: { span: 1, segment: 0, log: 0, error: 1 } },
    });
  });

  it.each([
    ['a part of its text', '?text=ORDERS/42', [2]],
    ['its service', '?text=shop&limit=2', [3, 2]],
    ['its route', '?route=/orders', [3, 1]],
    ['its status', '?status=404', [2]],
    ['a class of statuses', '?status=5xx', [3]],
    ['errors only', '?errors=1', [3]],
    ['errors or not', '?errors=0', [3, 2, 1]],
    ['more than a duration', '?slower=49.5', [3, 2]],
    ['its id', `?trace=${traceIdOf(2)}`, [2]],
    ['its id in X-Ray', `?trace=1-${traceIdOf(2).slice(0, 8)}-${traceIdOf(2).slice(8)}`, [2]],
    ['its traceparent', `?trace=00-${traceIdOf(2)}-00f067aa0ba902b7-01`, [2]],
    [
      'the header of a load balancer',
      `?trace=Root%3D1-${traceIdOf(2).slice(0, 8)}-${traceIdOf(2).slice(8)}`,
      [2],
    ],
    ['several of these', '?route=/orders&slower=100', [3]],
    ['a text that no trace has', '?text=nothing', []],
  ])('can be filtered by %s', async (_, query, numbers) => {
    expect(idsOf(await list(query))).toEqual(numbers.map(traceIdOf));
  });

  it('is refused with all errors of the query', async () => {
    const { status, body } = await ask(
      `${console.url}/api/traces?limit=0&status=6&slower=soon&trace=x&colour=red`,
    );
    expect(status).toBe(400);
    const { message } = JSON.parse(body);
    for (const parameter of ['limit', 'status', 'slower', 'trace', 'colour'])
      expect(message).toContain(parameter);
  });
});

describe('a request', () => {
  it.each([
    ['?limit=5001', 'limit: must be at most 5000'],
    ['?limit=-1', 'limit: must be a whole number from 1 to 5000'],
    ['?limit=1&limit=2', 'limit: must be given once'],
    ['?text=a&text=b', 'text: must be given once'],
    ['?errors=yes', 'errors: must be 1 or 0'],
    [`?trace=${'0'.repeat(32)}`, 'trace: must be the id of a trace, in any of its forms'],
    ['?limit=0&errors=2', 'limit: must be at least 1; errors: must be 1 or 0'],
  ])('with an invalid query is refused with the reason: %s', async (query, message) => {
    const { status, body } = await ask(`${console.url}/api/traces${query}`);
    expect({ status, body: JSON.parse(body) }).toEqual({ status: 400, body: { message } });
  });

  it.each([{ host: 'evil.example' }, { origin: 'http://evil.example' }])(
    'from another site is refused (%o)',
    async (headers) => {
      for (const path of ['/api/traces', '/api/status', '/api/live', '/']) {
        expect(await ask(console.url + path, { headers })).toMatchObject({ status: 403 });
      }
      const deletion = { method: 'DELETE', headers };
      expect(await ask(`${console.url}/api/traces`, deletion)).toMatchObject({ status: 403 });
      expect(await list()).not.toEqual([]);
    },
  );

  it.each([
    ['POST', '/api/traces'],
    ['GET', '/API/traces'],
    ['GET', '/PAGE/main.ts'],
  ])('without a route is answered with 404: %s %s', async (method, path) => {
    const { status, body } = await ask(console.url + path, { method });
    expect({ status, body: JSON.parse(body) }).toEqual({
      status: 404,
      body: { message: `no receiver for ${method} ${path}` },
    });
  });
});

describe('one trace', () => {
  it('has all its entries, and notes on missing ones', async () => {
    console.journal.add(segment(4, 'shop', 'list-orders'));
    console.journal.add(logLine(4, '{"level":"info","message":"GET /orders 200"}'));
    const view = JSON.parse((await ask(`${console.url}/api/traces/${traceIdOf(4)}`)).body);
    expect(view).toMatchObject({
      ...{ spans: [], errors: [], segments: [{ name: 'shop', subsegments: [{ name: 'list-orders' }] }] },
      logs: [{ message: expect.any(String), fields: { message: 'GET /orders 200' } }],
      notes: ['no spans: not sampled by OpenTelemetry, or not sent yet'],
    });
    const other = JSON.parse((await ask(`${console.url}/api/traces/${traceIdOf(1)}`)).body);
    expect(other.notes).toContain('not sampled by X-Ray');
  });

  it('is 404 for an unknown id and 400 for an invalid one', async () => {
    expect(await ask(`${console.url}/api/traces/${traceIdOf(99)}`)).toMatchObject({ status: 404 });
    expect(await ask(`${console.url}/api/traces/latest`)).toMatchObject({ status: 400 });
    expect(await ask(`${console.url}/api/traces/%E0%A4%A`)).toMatchObject({ status: 400 });
  });

  it('is deleted with all others', async () => {
    const other = await startConsole();
    other.journal.add(serverSpan(1));
    expect(await ask(`${other.url}/api/traces`, { method: 'DELETE' })).toMatchObject({ status: 204 });
    expect(JSON.parse((await ask(`${other.url}/api/traces`)).body)).toEqual({ traces: [] });
    await other.close();
  });
});
