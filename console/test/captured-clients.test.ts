import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TraceView } from '../src/api/types.ts';
import { type Receivers, startReceivers } from './helpers/receivers.ts';
import { replayCaptured } from './helpers/replay-captured.ts';
import { until } from './helpers/until.ts';
import awsSdk from './payloads/aws-sdk-js.json' with { type: 'json' };
import fluentBit from './payloads/fluent-bit.json' with { type: 'json' };
import otelGo from './payloads/opentelemetry-go.json' with { type: 'json' };
import otelJson from './payloads/opentelemetry-js-json.json' with { type: 'json' };
import otelProtobuf from './payloads/opentelemetry-js-protobuf.json' with { type: 'json' };
import otelPython from './payloads/opentelemetry-python.json' with { type: 'json' };
import rollbarJs from './payloads/rollbar-js.json' with { type: 'json' };
import rollbarPython from './payloads/rollbar-python.json' with { type: 'json' };
import thisApi from './payloads/this-api.json' with { type: 'json' };
import xrayJs from './payloads/xray-js.json' with { type: 'json' };
import xrayPython from './payloads/xray-python.json' with { type: 'json' };

const TRACE_ID = '58406520a006649127e371903a2de979';

let receivers: Receivers;
beforeEach(async () => {
  receivers = await startReceivers();
});
afterEach(() => receivers.close());

async function traceOf(id: string): Promise<TraceView> {
  return (await (await fetch(`${receivers.url}/api/traces/${id}`)).json()) as TraceView;
}

async function listed(): Promise<{ traceId: string; name: string }[]> {
  const answer = await fetch(`${receivers.url}/api/traces`);
  return ((await answer.json()) as { traces: { traceId: string; name: string }[] }).traces;
}

describe('the telemetry of an OpenTelemetry SDK', () => {
  it.each([
    ['JavaScript, JSON', otelJson, 'javascript-service', { 'exception.message': 'boom' }],
    ['JavaScript, protobuf', otelProtobuf, 'javascript-service', { 'exception.message': 'boom' }],
    ['Python, protobuf in gzip', otelPython, 'python-service', { 'exception.type': 'ValueError' }],
    ['Go, protobuf in gzip', otelGo, 'go-service', { 'exception.type': '*errors.errorString' }],
  ])('is a request with an inner span and its error: %s', async (_, capture, service, exception) => {
    expect(await replayCaptured(receivers, capture)).toMatchObject([{ status: 200 }]);
    const [row] = await listed();
    expect(row).toMatchObject({
      name: 'GET /orders',
      service,
      status: 500,
      failed: true,
      counts: { span: 2 },
    });

    const { spans } = await traceOf(row?.traceId ?? '');
    const work = spans.find(({ name }) => name === 'load-orders');
    expect(work).toMatchObject({
      parentSpanId: spans.find(({ kind }) => kind === 'server')?.spanId,
      attributes: { whole: -42, broken: 0.5, yes: true, list: ['a', 'b'] },
      status: { code: 'error', message: expect.stringContaining('boom') },
      events: [{ name: 'exception', attributes: exception }],
      scope: { name: 'orders', version: '1.0.0' },
    });
    expect(receivers.journal.unread()).toEqual([]);
  });
});

describe("the items of Rollbar's client", () => {
  it.each([
    ['JavaScript', rollbarJs, 'Error'],
    ['Python', rollbarPython, 'ValueError'],
  ])('are two reports, one in its trace: %s', async (_, capture, exception) => {
    for (const { status, body } of await replayCaptured(receivers, capture)) {
      expect({ status, ...JSON.parse(body) }).toMatchObject({
        status: 200,
        err: 0,
        result: { uuid: expect.stringMatching(/^[0-9a-f-]{32,36}$/) },
      });
    }
    expect(receivers.reports()).toHaveLength(2);
    const { summary, errors } = await traceOf(TRACE_ID);
    expect(summary.name).toBe(`${exception}: boom`);
    expect(errors).toMatchObject([{ level: 'error', environment: 'test' }]);
    expect(receivers.journal.unread()).toEqual([]);
  });
});

describe('the telemetry of an X-Ray SDK', () => {
  it.each([
    ['JavaScript', xrayJs, 'javascript-service'],
    ['Python', xrayPython, 'python-service'],
  ])('is a segment with a subsegment and its error: %s', async (_, capture, service) => {
    await replayCaptured(receivers, capture);
    await until(() => receivers.segments().length === 1);
    const { summary, segments } = await traceOf(TRACE_ID);

    expect(summary).toMatchObject({ name: 'GET /orders', service, status: 500, failed: true });
    expect(segments).toMatchObject([
      {
        subsegments: [
          {
            name: 'load-orders',
            fault: true,
            annotations: { count: 3 },
            metadata: { orders: { now: '2026-01-01' } },
            cause: { exceptions: [{ message: 'boom' }] },
          },
        ],
      },
    ]);
    expect(receivers.journal.unread()).toEqual([]);
  });
});

describe('the requests of the AWS SDK', () => {
  it('create a group with retention, a stream and lines in their trace, and find one line', async () => {
    const answers = await replayCaptured(receivers, awsSdk);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    expect(JSON.parse(answers.at(-1)?.body ?? '')).toMatchObject({
      events: [{ logStreamName: 'javascript-service/host', message: expect.stringContaining('GET /orders') }],
    });
    expect((await traceOf(TRACE_ID)).logs.map(({ fields }) => fields?.message)).toEqual([
      'loading orders',
      'GET /orders 500',
    ]);
    expect(receivers.journal.unread()).toEqual([]);
  });
});

describe('the requests of Fluent Bit', () => {
  it('create a group and its streams, and bring the lines that it wrapped to their trace', async () => {
    const [noGroup, ...answers] = await replayCaptured(receivers, fluentBit);
    expect(noGroup).toMatchObject({
      status: 400,
      body: expect.stringContaining('ResourceNotFoundException'),
    });
    expect(answers.map(({ status }) => status)).toEqual(Array(7).fill(200));
    expect(receivers.logEvents()).toHaveLength(3);
    const { logs } = await traceOf(TRACE_ID);
    expect(logs.map(({ fields }) => fields?.log)).toEqual([
      expect.stringContaining('JSON in the line'),
      expect.stringContaining('a line of Spring'),
    ]);
    expect(receivers.journal.unread()).toEqual([]);
  });
});

describe('the telemetry of the Cruddur API', () => {
  it('is two requests, each with its entries from the four systems', async () => {
    for (const { status } of await replayCaptured(receivers, thisApi)) expect([200, 400]).toContain(status);
    await until(() => receivers.segments().length === 2);
    const rows = await listed();
    expect(rows.map(({ name }) => name).sort()).toEqual(['GET /api/activities/home', 'GET /rollbar/test']);

    const [home, report] = await Promise.all(
      ['/home', '/test'].map((end) => traceOf(rows.find(({ name }) => name.endsWith(end))?.traceId ?? '')),
    );
    expect(home?.summary).toMatchObject({ status: 200, counts: { segment: 1, log: 2, error: 0 } });
    expect(home?.spans.map(({ name }) => name)).toContain('home-activities');
    expect(report?.summary.counts).toEqual({ span: 1, segment: 1, log: 1, error: 1 });
    expect(report?.errors).toMatchObject([{ level: 'warning', body: { message: { body: 'Hello World!' } } }]);
    expect(receivers.journal.unread()).toEqual([]);
  });
});
