import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TraceView } from '../../src/api/types.ts';
import { type Console, startConsole } from '../../src/server.ts';
import { hex } from '../helpers/telemetry.ts';

let console: Console;
beforeAll(async () => {
  console = await startConsole();
});
afterAll(() => console.close());

async function post(body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${console.url}/api/1/item/`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
}

async function send(data: object): Promise<void> {
  const response = await post({ access_token: 'token', data });
  expect({ status: response.status, body: await response.json() }).toMatchObject({
    status: 200,
    body: { err: 0 },
  });
}

async function view(id: string): Promise<TraceView> {
  const response = await fetch(`${console.url}/api/traces/${id}`);
  expect(response.status).toBe(200);
  return (await response.json()) as TraceView;
}

const thrown = {
  exception: { class: 'TypeError', message: 'boom' },
  frames: [{ filename: 'a.rb', lineno: 1 }],
};
const text = { body: 'hello' };

describe('an item of another notifier', () => {
  it.each<[string, (id: string) => object]>([
    ['rollbar.py', (id) => ({ level: 'error', custom: { trace_id: id }, body: { message: text } })],
    [
      'rollbar.py, extra_data',
      (id) => ({ level: 'error', body: { message: { ...text, extra: { trace_id: id } } } }),
    ],
    [
      'a message with keys beside its text',
      (id) => ({ body: { message: { ...text, trace_id: id, route: 'home' } } }),
    ],
    [
      'rollbar-gem',
      (id) => ({ level: 'error', body: { trace_chain: [thrown, { ...thrown, extra: { traceId: id } }] } }),
    ],
    ['rollbar-php', (id) => ({ level: 'error', body: { trace: thrown, extra: { 'trace.id': id } } })],
    [
      'rollbar-java',
      (id) => ({ level: 'error', custom: { mdc: { traceId: id } }, body: { trace_chain: [thrown] } }),
    ],
    [
      'rollbar.js',
      (id) => ({ level: 'error', body: { trace: thrown }, attributes: [{ key: 'trace_id', value: id }] }),
    ],
    [
      'OTLP attributes',
      (id) => ({ body: { trace: thrown }, attributes: [{ key: 'trace_id', value: { stringValue: id } }] }),
    ],
    ['a key beside the body', (id) => ({ level: 'error', traceId: id, body: { message: text } })],
    [
      'a header of the request',
      (id) => ({
        body: { trace: thrown },
        request: { headers: { Traceparent: `00-${id}-53995c3f42cd8ad8-01` } },
      }),
    ],
    [
      'a crash report',
      (id) => ({ trace_id: id, body: { crash_report: { raw: 'Incident Identifier: x\nmore' } } }),
    ],
    [
      'a crash report with the id beside',
      (id) => ({ body: { crash_report: { raw: 'Incident', trace_id: id } } }),
    ],
  ])('is on the page of its trace: %s', async (_, item) => {
    const id = hex(16);
    await send(item(id));
    expect((await view(id)).errors).toHaveLength(1);
  });

  it('is not on the page of a trace that a caller named in the body or the query', async () => {
    const id = hex(16);
    await send({
      body: { message: text },
      request: {
        body: { trace_id: id },
        GET: { trace_id: id },
        query_string: `trace_id=${id}`,
        params: { traceId: id },
      },
    });
    expect((await fetch(`${console.url}/api/traces/${id}`)).status).toBe(404);
  });

  it.each([
    ['a crash report', { crash_report: { raw: 'SIGSEGV at 0x0\nframe 1' } }, 'SIGSEGV at 0x0'],
    ['a message', { message: text }, 'hello'],
    ['a chain', { trace_chain: [thrown] }, 'TypeError: boom'],
  ])('is named after %s', async (_, body, name) => {
    const id = hex(16);
    await send({ custom: { trace_id: id }, body });
    expect((await view(id)).summary.name).toBe(name);
  });

  it.each([
    [undefined, { message: text }, 'info', false],
    [undefined, { trace: thrown }, 'error', true],
    [undefined, { crash_report: { raw: 'x' } }, 'error', true],
    [null, { trace_chain: [thrown] }, 'error', true],
    ['ERROR', { message: text }, 'error', true],
    ['Warn', { message: text }, 'warning', false],
    ['fatal', { message: text }, 'critical', true],
    [50, { message: text }, 'critical', true],
    [40, { message: text }, 'error', true],
    [30, { trace: thrown }, 'warning', false],
    ['20', { message: text }, 'info', false],
    ['odd', { message: text }, 'odd', false],
  ])('has a level of Rollbar: %s with %j', async (level, body, expected, failed) => {
    const id = hex(16);
    await send({ level, custom: { trace_id: id }, body });
    expect(await view(id)).toMatchObject({ errors: [{ level: expected }], summary: { failed } });
  });

  it.each([
    ['a string', 'x'],
    ['a list', [1]],
    ['null', null],
    ['a number', 3],
  ])('may have %s in custom', async (_, custom) => {
    const id = hex(16);
    await send({ custom, trace_id: id, body: { message: text } });
    expect((await view(id)).errors).toMatchObject([{ custom }]);
  });

  it('may be in a list, with unknown keys beside data', async () => {
    const ids = [hex(16), hex(16)];
    const list = ids.map((id) => ({
      access_token: 'token',
      unknown: { a: 1 },
      data: { custom: { trace_id: id }, body: { message: text } },
    }));
    expect((await post(list)).status).toBe(200);
    for (const id of ids) expect((await view(id)).errors).toHaveLength(1);
  });
});

describe('the time of an item', () => {
  const at = Date.now() - 5000;

  it.each([
    ['seconds', at / 1000],
    ['seconds in a string', String(at / 1000)],
    ['milliseconds', at],
    ['microseconds', at * 1000],
    ['nanoseconds', at * 1e6],
  ])('is recognised in %s', async (_, timestamp) => {
    const id = hex(16);
    await send({ timestamp, custom: { trace_id: id }, body: { message: text } });
    const { summary, errors } = await view(id);
    expect(summary.startedAt).toBeCloseTo(at, -1);
    expect(Number(errors[0]?.timestamp)).toBeCloseTo(at / 1000, 1);
  });

  it.each([[0], [5], [-1], [1e30], ['yesterday'], [{}]])(
    'is the time of arrival, and listed, when it is %j',
    async (timestamp) => {
      const id = hex(16);
      const before = Date.now();
      await send({ timestamp, custom: { trace_id: id }, body: { message: text } });
      expect((await view(id)).summary.startedAt).toBeGreaterThanOrEqual(before);
      expect(console.journal.unread().at(-1)?.reason).toMatch(/timestamp .* not a time from 2000 to 2100/);
    },
  );

  it('is never outside of 2000 to 2100', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.double(), fc.integer(), fc.string()), async (timestamp) => {
        const id = hex(16);
        await send({ timestamp, custom: { trace_id: id }, body: { message: text } });
        const { summary } = await view(id);
        expect(new Date(summary.startedAt).getUTCFullYear()).toBeGreaterThanOrEqual(2000);
        expect(new Date(summary.startedAt).getUTCFullYear()).toBeLessThan(2100);
      }),
      { numRuns: 50 },
    );
  });
});

describe('a fault', () => {
  it.each([
    ['no data', { access_token: 'token' }, 422],
    ['data that is a list', { access_token: 'token', data: [] }, 422],
    ['a list in a list', [[{ access_token: 'token', data: { body: {} } }]], 422],
    ['an empty list', [], 422],
  ])('is answered as Rollbar does: %s', async (_, body, status) => {
    const response = await post(body);
    expect(response.status).toBe(status);
    expect(await response.json()).toEqual({ err: 1, message: expect.any(String) });
  });
});
