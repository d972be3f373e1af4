import { createSocket } from 'node:dgram';
import { request as send } from 'node:http';
import { setImmediate as immediate } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { startReceivers } from './helpers/receivers.ts';
import { HOSTILE, INCONVERTIBLE, withHostileValues } from './hostile-json.ts';
import awsSdk from './payloads/aws-sdk-js.json' with { type: 'json' };
import otelJson from './payloads/opentelemetry-js-json.json' with { type: 'json' };
import otelProtobuf from './payloads/opentelemetry-js-protobuf.json' with { type: 'json' };
import rollbarJs from './payloads/rollbar-js.json' with { type: 'json' };
import thisApi from './payloads/this-api.json' with { type: 'json' };
import xrayJs from './payloads/xray-js.json' with { type: 'json' };

interface Sent {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

const MAX_TURNS = 100_000;
const SAMPLING = JSON.stringify({
  SamplingStatisticsDocuments: [
    { RuleName: 'Default', ClientID: 'a'.repeat(24), RequestCount: 1, SampledCount: 1, Timestamp: 1 },
  ],
});
const documents = [...xrayJs.datagrams, ...thisApi.datagrams].map(
  (datagram) => datagram.split('\n', 2)[1] ?? '',
);

const SENT: Sent[] = [
  ...[otelJson, otelProtobuf, rollbarJs, awsSdk, thisApi].flatMap(({ requests }) => requests.map(decode)),
  ...Object.entries({
    '/TraceSegments': JSON.stringify({ TraceSegmentDocuments: documents }),
    '/TelemetryRecords': '{"TelemetryRecords":[{"Timestamp":1,"SegmentsSpilloverCount":1}]}',
    '/Traces': '{"TraceIds":["1-58406520-a006649127e371903a2de979"]}',
    '/SamplingTargets': SAMPLING,
  }).map(([path, body]) => ({ path, headers: {}, body: Buffer.from(body) })),
];

const receivers = await startReceivers();
afterAll(() => receivers.close());
beforeEach(() => receivers.journal.clear());

function decode({ path, headers, body }: { path: string; headers: object; body: string }): Sent {
  const { 'content-length': _, 'content-encoding': encoding, ...kept } = headers as Record<string, string>;
  const bytes = Buffer.from(body, 'base64');
  return { path, headers: kept, body: encoding === 'gzip' ? gunzipSync(bytes) : bytes };
}

function post({ path, headers, body }: Sent): Promise<number> {
  return new Promise((resolve, reject) => {
    const request = send(receivers.url + path, { method: 'POST', headers }, (response) => {
      response.resume().on('end', () => resolve(response.statusCode ?? 0));
    });
    request.on('error', reject).end(body);
  });
}

const anywhere = fc.nat(2000);
const bytes = fc.uint8Array({ maxLength: 40 }).map((each) => Buffer.from(each));
const bodyOf = (body: Buffer): fc.Arbitrary<Buffer> =>
  fc.oneof(
    fc.tuple(anywhere, fc.constantFrom(...HOSTILE)).map(([at, value]) => {
      const bodies = withHostileValues(body, value);
      return bodies[at % bodies.length] ?? body;
    }),
    fc
      .tuple(anywhere, bytes)
      .map(([at, some]) => Buffer.concat([body.subarray(0, at), some, body.subarray(at)])),
    fc.tuple(anywhere, bytes).map(([at, some]) => Buffer.concat([body.subarray(0, at % body.length), some])),
    bytes,
  );
const mutated = fc
  .constantFrom(...SENT)
  .chain((sent) => bodyOf(sent.body).map((body): Sent => ({ ...sent, body })));

/** Reads everything that the page and tests read. */
async function expectReadable(): Promise<void> {
  const status = await fetch(`${receivers.url}/api/status`);
  expect(status.status).toBe(200);
  for (const { reason } of ((await status.json()) as { unread: { reason: string }[] }).unread) {
    expect(reason).not.toMatch(/^\w*Error\b|Cannot |undefined|call stack/);
  }
  for (const { traceId } of receivers.journal.summaries()) {
    expect((await fetch(`${receivers.url}/api/traces/${traceId}`)).status).toBe(200);
  }
}

/** Expects that the input is accepted, or refused and counted, and never causes an internal error. */
async function postHostile(sent: Sent): Promise<void> {
  const before = unread();
  const status = await post(sent);
  expect([200, 400, 413, 422]).toContain(status);
  // A missing log group does not make the input unreadable.
  if (status !== 200 && sent.headers['x-amz-target'] === undefined) expect(unread()).toBeGreaterThan(before);
}

describe('input over HTTP', () => {
  it('is accepted, or refused and counted, when any value has another type', async () => {
    for (const value of [INCONVERTIBLE, 'null', '[]', '{"low":1,"high":"x"}']) {
      const each = SENT.flatMap((sent) =>
        withHostileValues(sent.body, value).map((body) => ({ ...sent, body })),
      );
      for (const sent of each) await postHostile(sent);
    }
    await expectReadable();
  });

  it('is accepted, or refused and counted, after any other change', async () => {
    await fc.assert(fc.asyncProperty(mutated, postHostile), { numRuns: 500 });
    await expectReadable();
  });
});

describe('input over UDP', () => {
  const socket = createSocket('udp4');
  afterAll(() => socket.close());
  const [address, port] = receivers.variables.AWS_XRAY_DAEMON_ADDRESS?.split(':') ?? [];
  const header = '{"format":"json","version":1}\n';

  /** Sends one datagram, because the system drops those that do not fit into the socket's buffer. */
  async function say(datagram: string | Buffer): Promise<void> {
    const before = received();
    await new Promise((resolve) => socket.send(datagram, Number(port), address, resolve));
    for (let turn = 0; received() === before; turn += 1) {
      if (turn === MAX_TURNS) throw new Error(`nothing came of ${datagram}`);
      await immediate();
    }
  }
  const received = () => receivers.journal.counts().received.segment + unread();

  it('is accepted or counted when any value has another type', async () => {
    for (const value of HOSTILE.filter(({ length }) => length < 10_000)) {
      for (const body of documents.flatMap((document) => withHostileValues(Buffer.from(document), value))) {
        await say(header + body);
      }
      await say(`{"format":${value},"version":1}\n{}`);
    }
    await expectReadable();
  });

  it('is accepted or counted after any other change', async () => {
    const datagram = fc
      .constantFrom(...xrayJs.datagrams)
      .chain((whole) => bodyOf(Buffer.from(whole)))
      .filter(({ length }) => length < 60_000);
    await fc.assert(fc.asyncProperty(datagram, say), { numRuns: 200 });
    await expectReadable();
  });
});

function unread(): number {
  return Object.values(receivers.journal.counts().unread).reduce((sum, count) => sum + count, 0);
}
