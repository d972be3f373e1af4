import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { context, TraceFlags, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import express, { type NextFunction, type Request, type Response } from 'express';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSinkCounters, type SinkCounters } from '../../../src/observability/delivery/sink-counters.ts';
import { createReporter, type Reporter } from '../../../src/observability/rollbar/reporter.ts';
import { type Receivers, startReceivers } from '../../helpers/telemetry/receivers.ts';

const TOKEN = 'token-0123456789abcdef';
/** Concatenated, because reports quote lines of this file, and none may contain it. */
const SECRET = ['s3', 'cret'].join('');
const SERVICE = { name: 'backend-express', version: '1.2.3' };
const SPAN = {
  traceId: '6740445f0123456789abcdef01234567',
  spanId: '00f067aa0ba902b7',
  traceFlags: TraceFlags.SAMPLED,
};

interface Trace {
  readonly frames: { filename: string; code?: string; context?: { pre: string[]; post: string[] } }[];
  readonly exception: { class: string; message: string };
}

/** The parts of Rollbar's item that these tests check. */
interface Item {
  readonly level: string;
  readonly custom: Record<string, unknown>;
  readonly server: Record<string, unknown>;
  readonly notifier: Record<string, unknown>;
  readonly context: string;
  readonly request?: Record<string, unknown> & { headers: Record<string, string>; url: string };
  readonly body: { readonly message?: { body: string }; readonly trace_chain: Trace[] };
}

let receivers: Receivers;
let sink: SinkCounters;
let reporter: Reporter;

beforeAll(async () => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  receivers = await startReceivers();
});
afterAll(async () => {
  context.disable();
  await receivers.close();
});

async function newReporter(): Promise<void> {
  sink = createSinkCounters('rollbar', '127.0.0.1');
  const config = {
    accessToken: TOKEN,
    environment: 'test',
    endpoint: `${receivers.url}/api/1/item/`,
    itemsPerMinute: 10_000,
  };
  reporter = await createReporter({ config, service: SERVICE, sink });
}

/** The reports that arrive when `act` is followed by a drain. */
async function reportsOf(act: () => unknown): Promise<Item[]> {
  await newReporter();
  const before = receivers.reports().length;
  await act();
  await reporter.drain(10_000);
  return receivers.reports().slice(before) as unknown as Item[];
}

/** Requests `path` from an Express app whose route throws `error` and whose error handler reports it. */
async function ask(path: string, error: unknown, init: RequestInit = {}): Promise<void> {
  const app = express();
  app.use(express.json());
  app.use((_request, _response, next) => context.with(trace.setSpanContext(context.active(), SPAN), next));
  app.all('/api/activities/:uuid', () => {
    throw error;
  });
  app.use((failure: unknown, request: Request, response: Response, _next: NextFunction) => {
    reporter.error(failure, request);
    response.status(500).end();
  });
  const server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const response = await fetch(`http://127.0.0.1:${port}${path}`, init);
  await response.text();
  server.close();
  server.closeAllConnections();
}

function chainOf([report]: Item[]): Trace['exception'][] | undefined {
  return report?.body.trace_chain.map(({ exception }) => exception);
}

describe('a message', () => {
  it('arrives at level warning, with the version, the environment and the root', async () => {
    const [report] = await reportsOf(() => reporter.warning('Hello World!'));
    expect(report).toMatchObject({
      level: 'warning',
      environment: 'test',
      code_version: '1.2.3',
      body: { message: { body: 'Hello World!' } },
      custom: { service: 'backend-express' },
      server: { root: process.cwd() },
      notifier: { name: 'node_rollbar' },
    });
    expect(sink.report()).toMatchObject({ accepted: 1, sent: 1, dropped: 0, queued: 0 });
  });

  it('carries the ids of the active trace', async () => {
    const [report] = await reportsOf(() =>
      context.with(trace.setSpanContext(context.active(), SPAN), () => reporter.warning('Hello World!')),
    );
    expect(report?.custom).toEqual({
      service: 'backend-express',
      trace_id: '6740445f0123456789abcdef01234567',
      xray_trace_id: '1-6740445f-0123456789abcdef01234567',
      span_id: '00f067aa0ba902b7',
    });
  });

  it('is reported as often as it is sent', async () => {
    expect(
      await reportsOf(() => {
        reporter.warning('again');
        reporter.warning('again');
      }),
    ).toHaveLength(2);
  });
});

describe('a fault of a request', () => {
  it('arrives with its route, trace, query and harmless headers', async () => {
    const [report] = await reportsOf(() =>
      ask('/api/activities/68f126b0?limit=5&term=cloud', new TypeError('cannot read'), {
        headers: { 'User-Agent': 'curl/8', traceparent: `00-${SPAN.traceId}-00f067aa0ba902b7-01` },
      }),
    );
    expect(report).toMatchObject({
      level: 'error',
      context: '/api/activities/:uuid',
      custom: { trace_id: SPAN.traceId },
      request: {
        method: 'GET',
        url: expect.stringMatching(
          /^http:\/\/127\.0\.0\.1:\d+\/api\/activities\/68f126b0\?limit=5&term=cloud$/,
        ),
        GET: { limit: '5', term: 'cloud' },
        headers: { 'user-agent': 'curl/8', traceparent: `00-${SPAN.traceId}-00f067aa0ba902b7-01` },
      },
    });
    expect(chainOf([report as Item])).toEqual([{ class: 'TypeError', message: 'cannot read' }]);
  });

  it('carries no secret, no address, no person and no body', async () => {
    const secrets: [string, string][] = [
      ['authorization', `Bearer ${SECRET}-bearer`],
      ['cookie', `sid=${SECRET}-cookie`],
      ['x-api-key', `${SECRET}-key`],
      ['x-honeycomb-team', `${SECRET}-team`],
      ['x-amz-security-token', `${SECRET}-session`],
      ['x-unheard-of', `${SECRET}-custom`],
      ['x-forwarded-for', '203.0.113.9'],
      ['referer', `http://localhost/?access_token=${SECRET}-referer`],
    ];
    const before = receivers.requests('rollbar').length;
    await reportsOf(() =>
      ask(
        `/api/activities/1?password=s3cret-query&next=%2F%3Ftoken%3D${SECRET}-nested`,
        new Error(`https://ann:${SECRET}-user@db/?token=${SECRET}-message refused`),
        {
          method: 'POST',
          headers: [...secrets, ['content-type', 'application/json']],
          body: JSON.stringify({ message: `${SECRET}-body` }),
        },
      ),
    );
    const [request] = receivers.requests('rollbar').slice(before);
    expect(request?.headers['x-rollbar-access-token']).toBe(TOKEN);
    const wire = String(request?.body);
    expect(wire).not.toContain(TOKEN);
    expect(wire).not.toContain(SECRET);
    expect(wire).not.toContain('203.0.113.9');
    expect(request?.json).not.toHaveProperty('data.person');
    expect(request?.json).not.toHaveProperty('data.server.argv');
    expect(request?.json).not.toHaveProperty('data.notifier.configured_options');
    expect(request?.json).not.toHaveProperty('data.request.user_ip');
  });

  it('leaves the live request as it was', async () => {
    await newReporter();
    const headers = { authorization: 'Bearer x', cookie: 'a=b' };
    const request = { method: 'GET', originalUrl: '/?token=x', headers, protocol: 'http' };
    reporter.error(new Error('x'), request as unknown as Request);
    await reporter.drain(10_000);
    expect(request).toEqual({
      method: 'GET',
      originalUrl: '/?token=x',
      headers: { authorization: 'Bearer x', cookie: 'a=b' },
      protocol: 'http',
    });
  });
});

describe('an error', () => {
  it('is reported once, even when it comes again or wrapped', async () => {
    const reports = await reportsOf(() => {
      const cause = new Error('the database is gone');
      const fault = new Error('no answer', { cause });
      reporter.error(fault);
      reporter.error(fault);
      reporter.error(cause);
      reporter.error(new AggregateError([fault], 'both'));
      reporter.error(new Error('no answer'));
    });
    expect(reports.map((report) => chainOf([report])?.[0]?.message)).toEqual(['no answer', 'no answer']);
    expect(sink.report()).toMatchObject({ accepted: 2, sent: 2 });
  });

  it('shows its causes and the errors inside an AggregateError', async () => {
    const aggregate = new AggregateError([new TypeError('one'), new RangeError('two')], '', {
      cause: new Error('why'),
    });
    expect(chainOf(await reportsOf(() => reporter.error(aggregate)))).toEqual([
      { class: 'AggregateError', message: 'one; two' },
      { class: 'Error', message: 'why' },
      { class: 'TypeError', message: 'one' },
      { class: 'RangeError', message: 'two' },
    ]);
  });

  it('with circular causes is reported with each cause once', async () => {
    const first = new Error('first');
    first.cause = new Error('second', { cause: first });
    expect(chainOf(await reportsOf(() => reporter.error(first)))).toHaveLength(2);
  });

  it('opens no file that its message names', async () => {
    const hostile = new Error('not found:\n    at read (/etc/passwd:1:1)\n    at x');
    const [report] = await reportsOf(() => reporter.error(hostile));
    const files = report?.body.trace_chain[0]?.frames.map(({ filename }) => filename);
    expect(files?.length).toBeGreaterThan(0);
    expect(files).not.toContain('/etc/passwd');
  });

  it.each<[name: string, thrown: () => unknown, message: string]>([
    ['a string', () => 'no luck', 'no luck'],
    ['undefined', () => undefined, 'undefined'],
    ['null', () => null, 'null'],
    ['an object', () => ({ password: SECRET, code: 4 }), 'an object was thrown, with password, code'],
    ['an empty object', () => Object.create(null), 'an object was thrown, with nothing in it'],
    ['a symbol', () => Symbol('s'), 'Symbol(s)'],
    ['a bigint', () => 7n, '7'],
  ])('that is %s is reported', async (_name, thrown, message) => {
    expect(chainOf(await reportsOf(() => reporter.error(thrown())))).toEqual([{ class: 'Error', message }]);
  });

  it('that throws when read is reported without what cannot be read', async () => {
    const hostile = new Error('x');
    for (const property of ['message', 'cause']) {
      Object.defineProperty(hostile, property, {
        get() {
          throw new Error('no');
        },
      });
    }
    const message = 'an error that cannot be read';
    expect(chainOf(await reportsOf(() => reporter.error(hostile)))).toEqual([{ class: 'Error', message }]);
  });

  it('shows no secret of the lines of code around it', async () => {
    const hardCoded = { password: 'hunter2Xy9', url: 'postgres://app:hunter2Xy9@db/x' };
    const reports = await reportsOf(() => reporter.error(new Error(Object.keys(hardCoded).join())));
    const text = JSON.stringify(reports);
    expect(text).toContain("{ password: '[redacted]', url: 'postgres://[redacted]@db/x' }");
    expect(text).not.toContain(hardCoded.password);
    expect(text).not.toContain('*'.repeat(8));
  });

  it('with a message of megabytes is truncated', async () => {
    const reports = await reportsOf(() => reporter.error(new Error('x'.repeat(5_000_000))));
    expect(chainOf(reports)?.[0]?.message).toBe(`${'x'.repeat(2045)}…`);
  });
});

it('reports three hundred faults at once if the limit allows it', async () => {
  const reports = await reportsOf(() => {
    for (let n = 0; n < 300; n += 1) reporter.error(new Error(`fault ${n}`));
  });
  expect(new Set(reports.map((report) => chainOf([report])?.[0]?.message)).size).toBe(300);
  expect(sink.report()).toMatchObject({ accepted: 300, sent: 300, dropped: 0, queued: 0 });
});

it('sends and counts nothing without configuration', async () => {
  const before = receivers.reports().length;
  const sink = createSinkCounters('rollbar', undefined);
  const silent = await createReporter({ config: undefined, service: SERVICE, sink });
  silent.error(new Error('x'));
  silent.warning('x');
  await silent.drain(1000);
  expect(sink.report()).toMatchObject({ on: false, accepted: 0, sent: 0, dropped: 0, last_error: null });
  expect(receivers.reports()).toHaveLength(before);
});

it('shows the source of ES modules, prints nothing, and does not keep the process alive', async () => {
  const before = receivers.reports().length;
  const child = spawn(process.execPath, [
    `${import.meta.dirname}/../../fixtures/rollbar-faults.ts`,
    `${receivers.url}/api/1/item/`,
  ]);
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      printed += chunk;
    });
  }
  const [code] = await once(child, 'close');
  expect({ code, printed }).toEqual({ code: 0, printed: '' });
  const [report] = receivers.reports().slice(before) as unknown as Item[];
  const [, cause, first] = report?.body.trace_chain ?? [];
  expect(cause?.frames.at(-1)).toMatchObject({
    filename: expect.stringMatching(/^\/.*\/test\/fixtures\/rollbar-faults\.ts$/),
    method: 'readFeed',
    code: "  throw new Error('the feed is gone');",
    context: {
      pre: expect.arrayContaining(['function readFeed(): never {']),
      post: expect.arrayContaining(['}']),
    },
  });
  expect(first?.exception).toEqual({ class: 'TypeError', message: 'primary refused' });
  expect(first?.frames.at(-1)?.code).toContain("new TypeError('primary refused')");
});
