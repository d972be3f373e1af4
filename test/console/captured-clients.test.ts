import { createSocket } from 'node:dgram';
import { request as send } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TraceView } from '../../src/console/api/types.ts';
import { type Receivers, startReceivers } from '../helpers/receivers.ts';
import awsSdk from './payloads/aws-sdk-js.json' with { type: 'json' };
import type { Capture } from './payloads/capture.ts';
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

/** Sends what was captured again, in its order and byte for byte, but for the times of log events: those must be of now. */
async function replay({ requests, datagrams }: Capture): Promise<{ status: number; body: string }[]> {
  const answers = [];
  for (const { path, headers, body } of requests) {
    const bytes = Buffer.from(body, 'base64');
    const isLogs = headers['x-amz-target']?.endsWith('.PutLogEvents');
    answers.push(await post(path, headers, isLogs ? ofNow(bytes) : bytes));
  }
  const [address = '', port] = receivers.environment.AWS_XRAY_DAEMON_ADDRESS?.split(':') ?? [];
  const socket = createSocket('udp4');
  for (const datagram of datagrams) {
    await new Promise((resolve) => socket.send(datagram, Number(port), address, resolve));
  }
  socket.close();
  return answers;
}

function post(path: string, headers: Readonly<Record<string, string>>, body: Buffer) {
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number; body: string }>();
  const { 'content-length': _, 'transfer-encoding': __, ...kept } = headers;
  const request = send(receivers.url + path, { method: 'POST', headers: kept }, async (response) => {
    resolve({ status: response.statusCode ?? 0, body: (await response.toArray()).join('') });
  });
  request.on('error', reject).end(body);
  return promise;
}

function ofNow(body: Buffer): Buffer {
  return Buffer.from(body.toString().replaceAll(/"timestamp":\d+/g, `"timestamp":${Date.now()}`));
}

async function traceOf(id: string): Promise<TraceView> {
  return (await (await fetch(`${receivers.url}/api/traces/${id}`)).json()) as TraceView;
}

async function listed(): Promise<{ traceId: string; name: string }[]> {
  const answer = await fetch(`${receivers.url}/api/traces`);
  return ((await answer.json()) as { traces: { traceId: string; name: string }[] }).traces;
}

describe('what an OpenTelemetry SDK sent', () => {
  it.each([
    ['JavaScript, JSON', otelJson, 'javascript-service', { 'exception.message': 'boom' }],
    ['JavaScript, protobuf', otelProtobuf, 'javascript-service', { 'exception.message': 'boom' }],
    ['Python, protobuf in gzip', otelPython, 'python-service', { 'exception.type': 'ValueError' }],
    ['Go, protobuf in gzip', otelGo, 'go-service', { 'exception.type': '*errors.errorString' }],
  ])('is a request with its work and its error: %s', async (_, capture, service, exception) => {
    expect(await replay(capture)).toMatchObject([{ status: 200 }]);
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

describe("what Rollbar's client sent", () => {
  it.each([
    ['JavaScript', rollbarJs, 'Error'],
    ['Python', rollbarPython, 'ValueError'],
  ])('is two reports, one under its trace: %s', async (_, capture, exception) => {
    for (const { status, body } of await replay(capture)) {
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

describe('what an X-Ray SDK sent', () => {
  it.each([
    ['JavaScript', xrayJs, 'javascript-service'],
    ['Python', xrayPython, 'python-service'],
  ])('is a segment with its work and its error: %s', async (_, capture, service) => {
    await replay(capture);
    await receivers.until(() => receivers.segments().length === 1);
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

describe('what the AWS SDK sent', () => {
  it('is a group, its retention, a stream and lines under their trace, and finds one again', async () => {
    const answers = await replay(awsSdk);
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

describe('what this API sent', () => {
  it('is two requests, each with what the four systems have of it', async () => {
    for (const { status } of await replay(thisApi)) expect([200, 400]).toContain(status);
    await receivers.until(() => receivers.segments().length === 2);
    const rows = await listed();
    expect(rows.map(({ name }) => name).sort()).toEqual(['GET /api/activities/home', 'GET /rollbar/test']);

    const [home, report] = await Promise.all(
      ['/home', '/test'].map((end) => traceOf(rows.find(({ name }) => name.endsWith(end))?.traceId ?? '')),
    );
    expect(home?.summary).toMatchObject({ status: 200, counts: { segment: 1, log: 2, error: 0 } });
    expect(home?.spans.map(({ name }) => name)).toContain('home-activities');
    expect(report?.summary.counts).toMatchObject({ segment: 1, log: 1, error: 1 });
    expect(report?.errors).toMatchObject([{ level: 'warning', body: { message: { body: 'Hello World!' } } }]);
    expect(receivers.journal.unread()).toEqual([]);
  });
});
