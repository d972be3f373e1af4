import fc from 'fast-check';
import protobuf from 'protobufjs/light.js';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { TraceView } from '../../src/api/types.ts';
import { type Receivers, startReceivers } from '../helpers/receivers.ts';
import { hex } from '../helpers/telemetry.ts';

let receivers: Receivers;
beforeAll(async () => {
  receivers = await startReceivers();
});
beforeEach(() => receivers.journal.clear());
afterAll(() => receivers.close());

const now = Date.now();
const nanos = (ms: number) => String(BigInt(ms) * 1_000_000n);
const span = (traceId: string, more: object = {}) => ({
  traceId,
  spanId: hex(8),
  name: 'x',
  startTimeUnixNano: nanos(now),
  endTimeUnixNano: nanos(now + 5),
  ...more,
});
const request = (...spans: object[]) => ({ resourceSpans: [{ scopeSpans: [{ spans }] }] });

async function post(body: unknown, path = '/v1/traces') {
  const response = await fetch(receivers.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return {
    status: response.status,
    body: (await response.json()) as { message?: string; partialSuccess?: object },
  };
}

async function view(id: string): Promise<TraceView> {
  return (await (await fetch(`${receivers.url}/api/traces/${id}`)).json()) as TraceView;
}

const unread = () => receivers.journal.unread().map(({ reason }) => reason);

describe('a path of OTLP', () => {
  it.each(['/v1/traces', '/v1/traces/', '//v1/traces', '//v1//traces//', '/v1/traces?x=1'])(
    'may be %s',
    async (path) => {
      const id = hex(16);
      expect(await post(request(span(id)), path)).toEqual({ status: 200, body: {} });
      expect((await view(id)).spans).toHaveLength(1);
    },
  );

  it.each(['/v1/logs/', '//v1/logs', '/v1/metrics/', '//v1/metrics'])('may be %s', async (path) => {
    expect((await post({}, path)).status).toBe(200);
  });

  it.each(['/v1/traces/v1/traces', '/v1/traces/v1/metrics/', '//v1/logs/v1/logs'])(
    'that has a suffix twice is refused with the way out: %s',
    async (path) => {
      expect(await post(request(span(hex(16))), path)).toMatchObject({
        status: 404,
        body: { message: expect.stringContaining('OTEL_EXPORTER_OTLP_ENDPOINT without /v1/') },
      });
      expect(receivers.journal.counts().unread.otlp).toBe(1);
    },
  );
});

describe('an obsolete or foreign form', () => {
  it.each<[string, string, object]>([
    [
      'instrumentationLibrarySpans',
      'traces',
      { resourceSpans: [{ instrumentationLibrarySpans: [{ instrumentationLibrary: {}, spans: [{}, {}] }] }] },
    ],
    [
      'instrumentation_library_spans',
      'traces',
      { resourceSpans: [{ instrumentation_library_spans: [{ spans: [{}, {}] }] }] },
    ],
    ['resource_spans', 'traces', { resource_spans: [{ scope_spans: [{ spans: [{}, {}] }] }] }],
    ['scope_spans', 'traces', { resourceSpans: [{ scope_spans: [{ spans: [{}, {}] }] }] }],
    [
      'instrumentationLibraryLogs',
      'logs',
      { resourceLogs: [{ instrumentationLibraryLogs: [{ logs: [{}] }] }] },
    ],
    ['resource_logs', 'logs', { resource_logs: [{}] }],
    [
      'instrumentationLibraryMetrics',
      'metrics',
      { resourceMetrics: [{ instrumentationLibraryMetrics: [{ metrics: [{}] }] }] },
    ],
    ['scope_metrics', 'metrics', { resourceMetrics: [{ scope_metrics: [{ metrics: [{}] }] }] }],
    ['resourceLogs', 'traces', { resourceLogs: [{}] }],
  ])('is listed as unreadable, and the client is told: %s for %s', async (name, signal, body) => {
    const { status, body: answer } = await post(body, `/v1/${signal}`);
    expect(status).toBe(200);
    expect(answer.partialSuccess).toMatchObject({ errorMessage: expect.stringContaining(name) });
    expect(unread()).toEqual([expect.stringContaining(name)]);
  });

  it('is read where the rest is in the present form', async () => {
    const id = hex(16);
    const mixed = {
      resourceSpans: [
        { instrumentationLibrarySpans: [{ spans: [{}] }], scopeSpans: [{ spans: [span(id)] }] },
      ],
    };
    expect((await post(mixed)).body.partialSuccess).toMatchObject({ rejectedSpans: '1' });
    expect((await view(id)).spans).toHaveLength(1);
  });

  it('is listed in protobuf, too', async () => {
    const field = (tag: number[], bytes: Uint8Array) =>
      Buffer.concat([Buffer.from([...tag, bytes.length]), bytes]);
    // Field 1000 of ResourceSpans, with one span.
    const wrapper = field([0xc2, 0x3e], field([0x12], Buffer.alloc(0)));
    const response = await fetch(`${receivers.url}/v1/traces`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-protobuf' },
      body: new Uint8Array(field([0x0a], wrapper)),
    });
    expect(response.status).toBe(200);
    const answer = protobuf.Reader.create(new Uint8Array(await response.arrayBuffer()));
    expect(Buffer.from(answer.buf).toString()).toContain('instrumentationLibrarySpans');
    expect(unread()).toEqual([expect.stringContaining('instrumentationLibrarySpans')]);
  });

  it.each([
    ['snake_case', { trace_id: hex(16), span_id: hex(8) }, /trace_id/],
    ['a trace id in base64', { traceId: Buffer.from(hex(16), 'hex').toString('base64') }, /base64/],
    ['a span id in base64', { spanId: Buffer.from(hex(8), 'hex').toString('base64') }, /base64/],
  ])('of a span is rejected with the reason: %s', async (_, wrong, reason) => {
    const { traceId, ...rest } = span(hex(16));
    const value = 'trace_id' in wrong ? { ...rest, ...wrong } : { ...rest, traceId, ...wrong };
    expect((await post(request(value))).body.partialSuccess).toMatchObject({ rejectedSpans: '1' });
    expect(unread()).toEqual([expect.stringMatching(reason)]);
  });

  it.each([
    ['SPAN_KIND_SERVER', 'STATUS_CODE_ERROR'],
    [2, 2],
    ['2', '2'],
  ])('may have names of enums: %s', async (kind, code) => {
    const id = hex(16);
    await post(request(span(id, { kind, status: { code } })));
    expect((await view(id)).spans).toMatchObject([{ kind: 'server', status: { code: 'error' } }]);
  });
});

describe('the time of a span', () => {
  const UNITS = { ns: 1e6, µs: 1e3, ms: 1, s: 1e-3 };

  it.each(Object.entries(UNITS))('is recognised in %s', async (_, units) => {
    const id = hex(16);
    const at = Math.floor(now / 1000) * 1000;
    const time = (ms: number) => (units >= 1 ? String(BigInt(ms) * BigInt(units)) : String(ms / 1000));
    await post(
      request(
        span(id, {
          startTimeUnixNano: time(at),
          endTimeUnixNano: time(at + 2000),
          events: [{ name: 'e', timeUnixNano: time(at + 1000) }],
        }),
      ),
    );
    expect((await view(id)).spans).toMatchObject([
      { startTime: at, durationMs: 2000, events: [{ time: at + 1000 }] },
    ]);
  });

  it.each(['1', '12345', '99999999999', '18446744073709551615', '5000000000000000000'])(
    'is refused when it is %s',
    async (startTimeUnixNano) => {
      const { body } = await post(request(span(hex(16), { startTimeUnixNano })));
      expect(body.partialSuccess).toMatchObject({ rejectedSpans: '1' });
      expect(unread()).toEqual([expect.stringMatching(/startTimeUnixNano .* not a time from 2000 to 2100/)]);
    },
  );

  it('is never outside of 2000 to 2100', async () => {
    const time = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map(String);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(time, time, time), { minLength: 20, maxLength: 20 }),
        async (times) => {
          const spans = times.map(([startTimeUnixNano, endTimeUnixNano, timeUnixNano]) =>
            span(hex(16), { startTimeUnixNano, endTimeUnixNano, events: [{ timeUnixNano }] }),
          );
          await post(request(...spans));
          for (const { startTime, durationMs, events } of receivers.spans()) {
            for (const ms of [startTime, startTime + durationMs, ...events.map((event) => event.time)]) {
              expect(ms).toBeGreaterThanOrEqual(Date.UTC(2000, 0));
              expect(ms).toBeLessThanOrEqual(Date.UTC(2100, 0));
            }
          }
        },
      ),
      { numRuns: 20 },
    );
  });
});
