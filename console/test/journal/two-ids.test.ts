import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TraceView } from '../../src/api/types.ts';
import { createJournal } from '../../src/journal/journal.ts';
import { type Console, startConsole } from '../../src/server.ts';
import { hex, sendTelemetry, spanOf } from '../helpers/telemetry.ts';
import { until } from '../helpers/until.ts';

let console: Console;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'two-ids-'));
  console = await startConsole({ save: join(folder, 'run.ndjson') });
});
afterAll(async () => {
  await console.close();
  await rm(folder, { recursive: true });
});

const xray = (id: string) => `1-${id.slice(0, 8)}-${id.slice(8)}`;
const now = Date.now();
const seconds = now / 1000;

/** The telemetry of a request whose caller's id X-Ray would refuse, so that it has a second one there. */
function request(caller: string, own: string) {
  const id = hex(8);
  return {
    spans: {
      spans: [
        spanOf({
          traceId: caller,
          name: 'GET /',
          kind: 'server',
          at: now,
          ms: 2,
          attributes: { 'http.request.method': 'GET', 'http.route': '/' },
        }),
      ],
    },
    segment: {
      segments: [
        {
          id,
          trace_id: xray(own),
          name: 'backend',
          start_time: seconds,
          end_time: seconds + 1,
          annotations: { otel_trace_id: caller },
          links: [{ trace_id: caller }],
        },
      ],
    },
    subsegment: {
      segments: [
        {
          id: hex(8),
          type: 'subsegment',
          parent_id: id,
          trace_id: xray(own),
          name: 'query',
          start_time: seconds,
          end_time: seconds,
        },
      ],
    },
    line: {
      lines: [
        {
          timestamp: now,
          message: JSON.stringify({ message: 'line', trace_id: caller, xray_trace_id: xray(own) }),
        },
      ],
    },
    report: { items: [{ level: 'error', body: { message: { body: 'x' } }, custom: { trace_id: caller } }] },
  };
}

async function view(id: string, url = console.url): Promise<TraceView> {
  const response = await fetch(`${url}/api/traces/${id}`);
  expect(response.status).toBe(200);
  return (await response.json()) as TraceView;
}

describe('a request with an id of its caller and another one in X-Ray', () => {
  const ORDERS = [
    ['spans', 'segment', 'subsegment', 'line', 'report'],
    ['subsegment', 'segment', 'line', 'report', 'spans'],
    ['subsegment', 'line', 'report', 'spans', 'segment'],
    ['report', 'line', 'subsegment', 'spans', 'segment'],
  ] as const;

  it.each(ORDERS)('is on one page, in any order of arrival: %s, %s, %s', async (...order) => {
    const [caller, own] = [hex(16), hex(16)];
    const parts = request(caller, own);
    for (const part of order) await sendTelemetry(console.url, parts[part]);

    for (const id of [caller, own, xray(own), xray(caller), `Root=${xray(own)};Sampled=1`]) {
      expect(await view(id)).toMatchObject({
        summary: { traceId: caller, counts: { span: 1, segment: 2, log: 1, error: 1 }, name: 'GET /' },
        spans: [{ traceId: caller }],
        segments: [{ trace_id: xray(own), subsegments: [{ name: 'query' }] }],
        logs: [{ fields: { message: 'line' } }],
        errors: [{ custom: { trace_id: caller } }],
      });
    }
    const list = (id: string) =>
      fetch(`${console.url}/api/traces?trace=${id}`).then((response) => response.json());
    expect(await list(own)).toMatchObject({ traces: [{ traceId: caller }] });
    expect(await list(caller)).toMatchObject({ traces: [{ traceId: caller }] });
    const all = (await (await fetch(`${console.url}/api/traces?limit=5000`)).json()) as {
      traces: { traceId: string }[];
    };
    expect(all.traces.map(({ traceId }) => traceId)).not.toContain(own);
  });

  it('has the time of its latest arrival', async () => {
    const [caller, own] = [hex(16), hex(16)];
    const parts = request(caller, own);
    await sendTelemetry(console.url, parts.subsegment);
    const { receivedAt } = (await view(own)).summary;
    await until(() => Date.now() > receivedAt);
    await sendTelemetry(console.url, parts.segment);
    expect((await view(own)).summary.receivedAt).toBeGreaterThan(receivedAt);
  });

  it('is found in the X-Ray API by its id there only', async () => {
    const [caller, own] = [hex(16), hex(16)];
    await sendTelemetry(console.url, request(caller, own).segment);
    const body = JSON.stringify({ TraceIds: [xray(own), xray(caller)] });
    const answer = await fetch(`${console.url}/Traces`, { method: 'POST', body });
    expect(await answer.json()).toMatchObject({
      Traces: [{ Id: xray(own) }],
      UnprocessedTraceIds: [xray(caller)],
    });
  });

  it('ends a wait for either id', async () => {
    const [caller, own] = [hex(16), hex(16)];
    const parts = request(caller, own);
    await sendTelemetry(console.url, parts.spans);
    const waits = [caller, own].map((id) =>
      fetch(`${console.url}/api/traces/${id}?wait=10s&has=span&has=segment:query`),
    );
    await sendTelemetry(console.url, parts.subsegment);
    await sendTelemetry(console.url, parts.segment);
    expect((await Promise.all(waits)).map(({ status }) => status)).toEqual([200, 200]);
  });

  it('is on one page after a recording was loaded', async () => {
    const [caller, own] = [hex(16), hex(16)];
    const parts = request(caller, own);
    const save = join(folder, 'second.ndjson');
    const first = await startConsole({ save });
    for (const part of ['subsegment', 'segment', 'spans'] as const)
      await sendTelemetry(first.url, parts[part]);
    await first.close();
    const second = await startConsole({ load: save });
    expect(await view(own, second.url)).toMatchObject({
      summary: { traceId: caller, counts: { span: 1, segment: 2 } },
    });
    await second.close();
  });
});

describe('the journal', () => {
  it('forgets second ids with their trace, and keeps its bound', async () => {
    const small = await startConsole({ journal: createJournal({ maxBytes: 300_000 }) });
    const [caller, own] = [hex(16), hex(16)];
    const parts = request(caller, own);
    await sendTelemetry(small.url, parts.subsegment);
    const few = Array.from({ length: 20 }, () => ({ timestamp: now, message: `trace_id=${hex(16)}` }));
    await sendTelemetry(small.url, { lines: few });
    await sendTelemetry(small.url, parts.segment);
    await sendTelemetry(small.url, parts.spans);
    expect((await view(own, small.url)).summary.traceId).toBe(caller);
    for (let n = 0; n < 10; n++) {
      const lines = Array.from({ length: 40 }, () => {
        const [from, to] = [hex(16), hex(16)];
        const message = JSON.stringify({ trace_id: from, xray_trace_id: xray(to), text: 'x'.repeat(2000) });
        return { timestamp: now, message };
      });
      await sendTelemetry(small.url, { lines });
    }
    const { memory } = (await (await fetch(`${small.url}/api/status`)).json()) as {
      memory: { bytes: number; maxBytes: number };
    };
    expect(memory.bytes).toBeLessThanOrEqual(memory.maxBytes);
    expect((await fetch(`${small.url}/api/traces/${own}`)).status).toBe(404);
    await small.close();
  });

  it('gives one trace at most 20 other ids', async () => {
    const caller = hex(16);
    const owns = Array.from({ length: 30 }, () => hex(16));
    for (const own of owns) await sendTelemetry(console.url, request(caller, own).segment);
    const found = await Promise.all(owns.map((own) => fetch(`${console.url}/api/traces/${own}`)));
    expect(found.filter(({ status }) => status === 200)).toHaveLength(20);
    expect((await view(caller)).summary.counts.segment).toBe(30);
  });
});
