import { createSocket, type Socket } from 'node:dgram';
import { createReadStream } from 'node:fs';
import { request as httpRequest } from 'node:http';
import express, { type RequestHandler } from 'express';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { HttpError, NotFound } from '../../../src/lib/errors.ts';
import { requestSegment } from '../../../src/observability/segment-context.ts';
import { traced } from '../../../src/observability/traced.ts';
import { ISO_TIME } from '../../helpers/iso-time.ts';
import { ask } from '../../helpers/network/http-client.ts';
import { type Receivers, type SegmentDocument, startReceivers } from '../../helpers/telemetry/receivers.ts';
import {
  startXRayService,
  traceIdOf,
  type XRayService,
  type XRayServiceOptions,
} from '../../helpers/telemetry/xray-service.ts';
import { until } from '../../helpers/until.ts';

let receivers: Receivers;
let service: XRayService;

beforeEach(async () => {
  receivers = await startReceivers();
});

afterEach(async () => {
  await service.close();
  await receivers.close();
});

/** Starts a service whose requests are all sampled by the central rule. */
async function start(options: Partial<XRayServiceOptions> = {}): Promise<void> {
  const port = Number(receivers.environment.AWS_XRAY_DAEMON_ADDRESS?.split(':')[1]);
  service = await startXRayService({ udp: port, tcp: port, ...options });
  await until(async () => (await service.getSampling()).rule === 'all');
}

/** Resolves with the segment of a trace once it arrives. */
function segmentOf(traceId: string): Promise<SegmentDocument> {
  return receivers.until(() => receivers.segments().find(({ trace_id }) => trace_id === traceId));
}

async function segmentFor(path: string, headers: Record<string, string | string[]> = {}) {
  return segmentOf(traceIdOf(await service.get(path, headers)));
}

describe('the segment of a request', () => {
  test("has the response's trace id, the request, the status, the service and the sampling rule", async () => {
    await start({ routes: (app) => app.get('/items/:id', (_request, response) => void response.json([])) });
    const answer = await service.get('/items/7?page=2', { 'user-agent': 'curl/8.5' });
    const segment = await segmentOf(traceIdOf(answer));
    expect(segment).toEqual({
      name: 'backend-express',
      id: expect.stringMatching(/^[0-9a-f]{16}$/),
      trace_id: expect.stringMatching(/^1-[0-9a-f]{8}-[0-9a-f]{24}$/),
      start_time: expect.any(Number),
      end_time: expect.any(Number),
      http: {
        request: {
          method: 'GET',
          user_agent: 'curl/8.5',
          client_ip: '127.0.0.1',
          url: `http://127.0.0.1:${service.port}/items/7?page=2`,
        },
        response: { status: 200 },
      },
      service: {
        name: 'backend-express',
        version: '1.2.3',
        runtime: 'node',
        runtime_version: process.version,
      },
      aws: {
        xray: {
          sdk: 'X-Ray for Node.js',
          sdk_version: '3.12.0',
          package: 'aws-xray-sdk-core',
          rule_name: 'all',
        },
      },
      annotations: { http_route: '/items/:id' },
    });
    expect(Math.abs(segment.start_time - Date.now() / 1000)).toBeLessThan(10);
  });

  test('is sent as one datagram: a header line and a line of JSON', async () => {
    const datagrams: string[] = [];
    const socket: Socket = createSocket('udp4', (datagram) => datagrams.push(datagram.toString()));
    await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
    try {
      await start();
      const { port } = socket.address();
      await service.close();
      const tcp = Number(receivers.environment.AWS_XRAY_DAEMON_ADDRESS?.split(':')[1]);
      service = await startXRayService({ udp: port, tcp });
      const answer = await service.get('/');
      await until(() => datagrams.length > 0);
      expect(datagrams).toHaveLength(1);
      expect(datagrams[0]).toMatch(/^\{"format":"json","version":1\}\n\{.*\}$/);
      expect(JSON.parse(datagrams[0]?.split('\n')[1] ?? '').trace_id).toBe(traceIdOf(answer));
    } finally {
      socket.close();
    }
  });

  test('hides the values of secret query parameters', async () => {
    await start();
    const segment = await segmentFor('/?token=hunter2&page=2');
    expect(segment.http?.request?.url).toBe(`http://127.0.0.1:${service.port}/?token=[redacted]&page=2`);
    expect(JSON.stringify(receivers.segments())).not.toContain('hunter2');
  });

  test("bounds the length of a caller's text", async () => {
    await start();
    const segment = await segmentFor(`/?q=${'x'.repeat(8000)}`, {
      'user-agent': 'u'.repeat(4000),
      host: 'h'.repeat(2000),
    });
    expect(Buffer.byteLength(String(segment.http?.request?.url))).toBe(2048);
    expect(segment.http?.request?.user_agent).toHaveLength(512);
  });

  test.each([
    ['ok', 200, {}],
    ['missing', 404, { error: true }],
    ['busy', 429, { error: true, throttle: true }],
    ['broken', 500, { fault: true }],
  ])('%s: status %i marks %o', async (name, status, marks) => {
    await start({
      routes: (app) => {
        app.get('/ok', (_request, response) => void response.json({}));
        app.get('/missing', () => {
          throw new NotFound('There is no such thing.');
        });
        app.get('/busy', () => {
          throw new HttpError(429, 'Too many.');
        });
        app.get('/broken', (_request, response) => void response.status(500).json({}));
      },
    });
    const { error, fault, throttle, cause, http } = await segmentFor(`/${name}`);
    expect({ error, fault, throttle, cause }).toEqual({ ...marks, cause: undefined });
    expect(http?.response).toEqual({ status });
  });
});

describe('a fault', () => {
  test('is on the subsegment where it happened, with whole frames, and on the segment by reference', async () => {
    await start({
      routes: (app) =>
        app.get('/fail', () =>
          traced('home-activities', {}, async () => {
            throw new TypeError('the sky fell');
          }),
        ),
    });
    const segment = await segmentFor('/fail');
    const subsegment = segment.subsegments?.[0];
    expect(subsegment?.fault).toBe(true);
    const [exception, ...others] = Object(subsegment?.cause).exceptions;
    expect(others).toEqual([]);
    expect(exception).toMatchObject({ message: 'the sky fell', type: 'TypeError', remote: false });
    expect(exception.stack[0]).toEqual({
      path: import.meta.filename,
      line: expect.any(Number),
      label: expect.any(String),
    });
    for (const frame of exception.stack) expect(frame.path).toMatch(/^(\/|node:)/);
    expect(segment.fault).toBe(true);
    expect(segment.cause).toEqual({ id: subsegment?.id });
  });

  test('outside a subsegment is on the segment, once', async () => {
    await start({
      routes: (app) =>
        app.get('/fail', () => {
          throw new RangeError('too far');
        }),
    });
    const segment = await segmentFor('/fail');
    expect(segment).toMatchObject({
      fault: true,
      cause: { exceptions: [{ message: 'too far', type: 'RangeError' }] },
      http: { response: { status: 500 } },
    });
    expect(Object(segment.cause).exceptions[0].stack[0].path).toBe(import.meta.filename);
  });

  test.each<[string, RequestHandler]>([
    [
      'rejected after a wait',
      async () => {
        await new Promise((resolve) => setTimeout(resolve, 5));
        throw new RangeError('too far');
      },
    ],
    [
      'passed on by a stream',
      (_request, _response, next) => {
        createReadStream('/nowhere').on('error', () => next(new RangeError('too far')));
      },
    ],
    [
      'thrown after the body was parsed',
      (request, response, next) => express.json()(request, response, () => next(new RangeError('too far'))),
    ],
    [
      'passed on inside a subsegment',
      (_request, _response, next) =>
        traced('home-activities', {}, async () => next(new RangeError('too far'))),
    ],
  ])('%s is on the segment of its request', async (_name, handler) => {
    await start({ routes: (app) => app.post('/fail', handler) });
    const post = () => ask(`http://127.0.0.1:${service.port}/fail`, { body: { text: 'x'.repeat(60_000) } });
    const answers = await Promise.all(Array.from({ length: 5 }, post));
    for (const answer of answers) {
      expect(await segmentOf(traceIdOf(answer))).toMatchObject({
        fault: true,
        cause: { exceptions: [{ message: 'too far', type: 'RangeError' }] },
      });
    }
  });

  test('leaves the thrown error unchanged', async () => {
    const error = new Error('untouched');
    const before = { stack: error.stack, keys: Reflect.ownKeys(error) };
    await start({
      routes: (app) =>
        app.get('/fail', () => {
          throw error;
        }),
    });
    await segmentFor('/fail');
    expect({ stack: error.stack, keys: Reflect.ownKeys(error) }).toEqual(before);
  });

  test.each([
    ['a message of a megabyte', () => new Error('m'.repeat(1_000_000))],
    ['a message with lines like frames', () => new Error('one\n    at two (/etc/passwd:1:1)')],
    [
      'a thousand frames',
      () =>
        Object.assign(new Error('deep'), { stack: `Error: deep${'\n    at f (/a.ts:1:1)'.repeat(1000)}` }),
    ],
    ['no stack', () => Object.assign(new Error('bare'), { stack: undefined })],
    ['a stack that is a number', () => Object.assign(new Error('odd'), { stack: 7 })],
    [
      'a message that throws',
      () =>
        Object.defineProperty(new Error(), 'message', {
          get: () => {
            throw new Error('no');
          },
        }),
    ],
  ])('with %s arrives', async (_name, makeError) => {
    await start({
      routes: (app) =>
        app.get('/fail', (_request, response) => {
          service.xray.recordFault(makeError());
          response.status(500).json({});
        }),
    });
    const segment = await segmentFor('/fail');
    const [exception] = Object(segment.cause).exceptions;
    expect(Buffer.byteLength(exception.message)).toBeLessThanOrEqual(2048);
    expect(exception.stack.length).toBeLessThanOrEqual(50);
    expect(JSON.stringify(exception.stack)).not.toContain('/etc/passwd');
  });
});

describe('subsegments', () => {
  test('nest like the calls, in sequence and in parallel', async () => {
    await start({
      routes: (app) =>
        app.get('/tree', async (_request, response) => {
          await traced('outer', {}, async () => {
            await traced('first', {}, async () => {});
            await Promise.all(
              ['left', 'right'].map((side) =>
                traced(side, {}, async () => {
                  await new Promise((resolve) => setImmediate(resolve));
                  await traced(`under-${side}`, {}, async () => {});
                }),
              ),
            );
          });
          response.json({});
        }),
    });
    expect(outline(await segmentFor('/tree'))).toEqual([
      'backend-express',
      ['outer', ['first'], ['left', ['under-left']], ['right', ['under-right']]],
    ]);
  });

  test('carry annotations under X-Ray names, and metadata in the namespace cruddur', async () => {
    await start({
      routes: (app) =>
        app.get('/feed', async (_request, response) => {
          await traced('home-activities', { 'app.page_limit': 20 }, async (span) => {
            span.setAttributes({ 'app.result_length': 3 });
            span.setMetadata('page', { limit: 20 });
          });
          response.json([]);
        }),
    });
    const { subsegments: [subsegment] = [] } = await segmentFor('/feed');
    expect(subsegment).toEqual({
      name: 'home-activities',
      id: expect.stringMatching(/^[0-9a-f]{16}$/),
      start_time: expect.any(Number),
      end_time: expect.any(Number),
      annotations: { app_now: ISO_TIME, app_page_limit: 20, app_result_length: 3 },
      metadata: { cruddur: { page: { limit: 20 } } },
    });
  });

  test('of concurrent requests stay with their own request', async () => {
    await start({
      routes: (app) =>
        app.get('/item/:id', async (request, response) => {
          await traced(`item-${request.params.id}`, {}, async () => {
            await new Promise((resolve) => setTimeout(resolve, 10));
          });
          response.json({});
        }),
    });
    const answers = await Promise.all(Array.from({ length: 50 }, (_, id) => service.get(`/item/${id}`)));
    for (const [id, answer] of answers.entries()) {
      expect(outline(await segmentOf(traceIdOf(answer)))).toEqual(['backend-express', [`item-${id}`]]);
    }
  });
});

describe('trace headers', () => {
  const root = () => `1-${Math.floor(Date.now() / 1000).toString(16)}-0123456789abcdef01234567`;

  test("a load balancer's Root alone sets the trace id", async () => {
    await start();
    const traceId = root();
    const segment = await segmentFor('/', { 'x-amzn-trace-id': `Root=${traceId}` });
    expect(segment.trace_id).toBe(traceId);
    expect(segment.parent_id).toBeUndefined();
  });

  test('the parent of the same trace becomes the parent of the segment', async () => {
    await start();
    const header = `Root=${root()};Parent=53995c3f42cd8ad8;Sampled=0`;
    expect((await segmentFor('/', { 'x-amzn-trace-id': header })).parent_id).toBe('53995c3f42cd8ad8');
  });

  test('the parent from another trace is ignored', async () => {
    await start();
    const traceId = root().replaceAll('-', '').slice(1);
    const segment = await segmentFor('/', {
      traceparent: `00-${traceId}-00f067aa0ba902b7-01`,
      'x-amzn-trace-id': 'Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8',
    });
    expect(segment.trace_id).toBe(`1-${traceId.slice(0, 8)}-${traceId.slice(8)}`);
    expect(segment.parent_id).toBeUndefined();
  });

  const beginningAt = (secondsFromNow: number) =>
    `${(Math.floor(Date.now() / 1000) + secondsFromNow).toString(16)}77b34da6a3ce929d0e0e4736`;
  const HOUR = 3600;

  test.each([
    ['at random', () => '4bf92f3577b34da6a3ce929d0e0e4736'],
    ['with zeros', () => '0000000077b34da6a3ce929d0e0e4736'],
    ['in the far future', () => 'ffffffff77b34da6a3ce929d0e0e4736'],
    ['31 days ago', () => beginningAt(-31 * 24 * HOUR)],
    ['two hours ago', () => beginningAt(-2 * HOUR)],
    ['in ten minutes', () => beginningAt(600)],
  ])('an id that begins %s gets one of our own, and is its annotation and link', async (_name, idOf) => {
    await start();
    const theirs = idOf();
    const parent = '00f067aa0ba902b7';
    const xray = `Root=1-${theirs.slice(0, 8)}-${theirs.slice(8)}`;
    for (const [headers, linked] of [
      [{ traceparent: `00-${theirs}-${parent}-01` }, parent],
      [{ traceparent: `00-${theirs}-${parent}-00`, 'x-amzn-trace-id': `${xray};Parent=${parent}` }, parent],
      [{ 'x-amzn-trace-id': `${xray};Parent=${parent};Sampled=0` }, parent],
      [{ 'x-amzn-trace-id': xray }, undefined],
    ] as const) {
      const answer = await service.get('/', headers);
      expect(String(answer.headers.traceresponse).split('-')[1]).toBe(theirs);
      const own = traceIdOf(answer);
      expect(own).toMatch(/^1-[0-9a-f]{8}-[0-9a-f]{24}$/);
      expect(Math.abs(Number.parseInt(own.slice(2, 10), 16) - Date.now() / 1000)).toBeLessThan(60);
      const segments = () => receivers.segments().filter(({ trace_id }) => trace_id === own);
      // The requests of one trace share its id in X-Ray.
      const segment = await receivers.until(() =>
        segments().find(({ links }) => Array.isArray(links) && links[0]?.id === linked),
      );
      expect(segment.parent_id).toBeUndefined();
      expect(segment.annotations).toMatchObject({ otel_trace_id: theirs });
      expect(segment.links).toEqual([{ trace_id: xray.slice(5), ...(linked && { id: linked }) }]);
    }
    expect(new Set(receivers.segments().map(({ links }) => Boolean(links))).size).toBe(2);
  });

  test.each([
    ['half an hour ago', -HOUR / 2],
    ['in four minutes', 240],
  ])('an id that begins %s is kept', async (_name, secondsFromNow) => {
    await start();
    const theirs = beginningAt(secondsFromNow);
    const segment = await segmentFor('/', { traceparent: `00-${theirs}-00f067aa0ba902b7-01` });
    expect(segment.trace_id).toBe(`1-${theirs.slice(0, 8)}-${theirs.slice(8)}`);
    expect(segment.annotations ?? {}).not.toHaveProperty('otel_trace_id');
    expect(segment).not.toHaveProperty('links');
  });

  test('a caller that is in such a trace of ours itself is the parent', async () => {
    await start();
    const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
    const own = traceIdOf(await service.get('/', { traceparent }));
    await service.get('/', {
      traceparent,
      'x-amzn-trace-id': `Root=${own};Parent=53995c3f42cd8ad8;Sampled=1`,
    });
    const segment = await receivers.until(() =>
      receivers.segments().find(({ parent_id }) => parent_id === '53995c3f42cd8ad8'),
    );
    expect(segment).toMatchObject({
      trace_id: own,
      annotations: { otel_trace_id: '4bf92f3577b34da6a3ce929d0e0e4736' },
    });
  });

  test('the subsegments of such a request are in the same trace', async () => {
    await start({
      routes: (app) =>
        app.get('/work', async (_request, response) => {
          await traced('some-work', {}, async () => {});
          response.json([]);
        }),
    });
    const answer = await service.get('/work', {
      traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
    });
    const segment = await segmentOf(traceIdOf(answer));
    expect(segment.subsegments).toMatchObject([{ name: 'some-work' }]);
  });

  test.each([
    ['garbage', 'Root=1-xyz;Parent=;;;=;Sampled=?'],
    ['an id of any length', `Root=1-5759e988-${'a'.repeat(50)};Parent=${'b'.repeat(50)};Sampled=1`],
    ['a header of 8 kB', `Root=${'1-'.repeat(4000)}`],
    [
      'two headers',
      ['Root=1-5759e988-bd862e3fe1be46a994272793', 'Root=1-5759e988-bd862e3fe1be46a994272794;Sampled=1'],
    ],
  ])("%s is ignored: the segment has the response's trace id", async (_name, header) => {
    await start();
    const answer = await service.get('/', { 'x-amzn-trace-id': header });
    expect(answer.status).toBe(200);
    const segment = await segmentOf(traceIdOf(answer));
    expect(segment.parent_id).toBeUndefined();
    expect(segment.trace_id).toMatch(/^1-[0-9a-f]{8}-[0-9a-f]{24}$/);
  });

  test('any header yields a valid segment', async () => {
    await start({ namePattern: '*a*', trustProxy: true });
    const part = fc.constantFrom(
      'Root',
      'Parent',
      'Sampled',
      'Self',
      '=',
      ';',
      '1-',
      '5759e988',
      '-',
      '?',
      ', ',
    );
    const text = fc
      .array(fc.oneof(part, fc.string({ unit: 'binary-ascii', maxLength: 30 })), { maxLength: 20 })
      .map((parts) => parts.join('').replaceAll(/[^ -~]/g, ''));
    await fc.assert(
      fc.asyncProperty(text, text, text, async (traceHeader, host, forwarded) => {
        const headers = { 'x-amzn-trace-id': traceHeader, host, 'x-forwarded-for': forwarded };
        // A `Host` that is not one is a 400.
        expect([200, 400]).toContain((await service.get('/', headers)).status);
      }),
      { numRuns: 100 },
    );
    expect(service.sink.report()).toMatchObject({ dropped: 0, last_error: null });
  });

  test('handlers see the header as the caller sent it', async () => {
    const seen: unknown[] = [];
    await start({
      routes: (app) =>
        app.get('/header', (request, response) => {
          seen.push(request.headers['x-amzn-trace-id'], 'x-amzn-trace-id' in request.headers);
          response.json({});
        }),
    });
    const header = `Root=${root()};Self=1-2-3`;
    await segmentFor('/header', { 'x-amzn-trace-id': header });
    await segmentFor('/header');
    expect(seen).toEqual([header, true, undefined, false]);
  });
});

describe('behind a trusted proxy', () => {
  test('the client address is the one from the proxy, marked as forwarded', async () => {
    await start({ trustProxy: 1 });
    const segment = await segmentFor('/', { 'x-forwarded-for': '203.0.113.9, 198.51.100.1' });
    expect(segment.http?.request).toMatchObject({ client_ip: '198.51.100.1', x_forwarded_for: true });
  });

  test('a caller that is not a trusted proxy is the client, whatever its headers', async () => {
    await start({ trustProxy: ['198.51.100.0/24'] });
    const segment = await segmentFor('/', { 'x-forwarded-for': '203.0.113.9' });
    expect(segment.http?.request).toMatchObject({ client_ip: '127.0.0.1' });
    expect(segment.http?.request).not.toHaveProperty('x_forwarded_for');
  });
});

describe('names', () => {
  test("are the service's own, and a Host header that matches the pattern is an annotation", async () => {
    await start({ namePattern: '*4567-cruddur.example*' });
    const named = await segmentFor('/', { host: '4567-cruddur.example.dev' });
    expect(named).toMatchObject({
      name: 'backend-express',
      annotations: { dynamic_name: '4567-cruddur.example.dev' },
      http: { request: { url: 'http://4567-cruddur.example.dev/' } },
    });
    const other = await segmentFor('/', { host: 'attacker.example' });
    expect(other.name).toBe('backend-express');
    expect(other.annotations).not.toHaveProperty('dynamic_name');
  });

  test('that are dynamic have only characters that X-Ray accepts, at most 200', async () => {
    await start({ namePattern: '*' });
    const nameAt = async (host: string) => (await segmentFor('/', { host })).annotations?.dynamic_name;
    expect(await nameAt('a"b<c>d\te*f!g')).toMatch(/^a_b_c_d.e_f_g$/);
    expect(await nameAt('h'.repeat(1000))).toHaveLength(200);
  });

  test('are sanitised when they come from the service name', async () => {
    await start({ serviceName: 'the "best" service*' });
    expect((await segmentFor('/')).name).toBe('the _best_ service_');
  });

  test('are resolved quickly for a long Host and a pattern of many stars', async () => {
    await start({ namePattern: `${'*a'.repeat(50)}*b` });
    const before = performance.now();
    await service.get('/', { host: 'a'.repeat(12_000) });
    expect(performance.now() - before).toBeLessThan(200);
  });
});

test('a client that disconnects ends the segment once, with 499', async () => {
  const closed = Promise.withResolvers<void>();
  const entered = Promise.withResolvers<string>();
  await start({
    routes: (app) =>
      app.get('/slow', async (_request, response) => {
        response.once('close', closed.resolve);
        entered.resolve(requestSegment()?.trace_id ?? '');
        await traced('slow-work', {}, () => closed.promise);
        response.json({});
      }),
  });
  const request = httpRequest({ host: '127.0.0.1', port: service.port, path: '/slow', agent: false });
  request.on('error', () => {});
  request.end();
  const traceId = await entered.promise;
  request.destroy();
  const segment = await segmentOf(traceId);
  expect(segment.annotations).toEqual({ http_route: '/slow', client_aborted: true });
  expect(segment).toMatchObject({ error: true, http: { response: { status: 499 } } });
  await service.get('/');
  await service.close();
  expect(receivers.segments().filter(({ trace_id }) => trace_id === traceId)).toHaveLength(1);
});

function outline({ name, subsegments = [] }: SegmentDocument): unknown[] {
  return [name, ...subsegments.map(outline)];
}
