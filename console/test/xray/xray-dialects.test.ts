import { createSocket } from 'node:dgram';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Receivers, startReceivers } from '../helpers/receivers.ts';
import { hex } from '../helpers/telemetry.ts';
import { until } from '../helpers/until.ts';

const socket = createSocket('udp4');
let receivers: Receivers;
beforeAll(async () => {
  receivers = await startReceivers();
});
beforeEach(() => receivers.journal.clear());
afterAll(async () => {
  socket.close();
  await receivers.close();
});

const seconds = Math.floor(Date.now() / 1000);
const segment = (more: object = {}) => ({
  id: hex(8),
  trace_id: `1-${seconds.toString(16)}-${hex(12)}`,
  name: 'other-language',
  start_time: seconds,
  end_time: seconds + 0.5,
  ...more,
});

const counts = () => receivers.journal.counts();
const kept = () => counts().received.segment + counts().unread.xray;

async function say(datagram: string, documents = 1): Promise<void> {
  const [address, port] = receivers.variables.AWS_XRAY_DAEMON_ADDRESS?.split(':') ?? [];
  await new Promise((resolve) => socket.send(datagram, Number(port), address, resolve));
  await until(() => kept() >= documents);
}

const HEADER = '{"format": "json", "version": 1}';
const text = (value: object) => JSON.stringify(value);

describe('a datagram', () => {
  it.each<[string, number, (one: string, two: string) => string]>([
    ['CRLF', 1, (one) => `${HEADER}\r\n${one}`],
    ['a newline at the end', 1, (one) => `${HEADER}\n${one}\n`],
    ['other spacing', 1, (one) => `{ "version" : 1 , "format" : "JSON" }\n\n${one}`],
    ['a document over many lines', 1, (one) => `${HEADER}\n${JSON.stringify(JSON.parse(one), null, 2)}`],
    ['two documents', 2, (one, two) => `${HEADER}\n${one}\n${two}`],
    ['two documents and CRLF', 2, (one, two) => `${HEADER}\r\n${one}\r\n${two}\r\n`],
    ['two documents with a header each', 2, (one, two) => `${HEADER}\n${one}\n${HEADER}\n${two}`],
    ['a list', 2, (one, two) => `${HEADER}\n[${one},${two}]`],
  ])('may have %s', async (_, documents, build) => {
    await say(build(text(segment()), text(segment())), documents);
    expect(counts()).toMatchObject({ received: { segment: documents }, unread: { xray: 0 } });
  });

  it('may have any number of documents, of which the unreadable are counted', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.boolean(), { minLength: 2, maxLength: 20 }), async (readable) => {
        receivers.journal.clear();
        const lines = readable.map((good) => (good ? text(segment()) : '{"id":'));
        await say([HEADER, ...lines].join('\n'), readable.length);
        expect(counts().received.segment).toBe(readable.filter(Boolean).length);
        expect(counts().unread.xray).toBe(readable.filter((good) => !good).length);
      }),
      { numRuns: 20 },
    );
  });
});

describe('the trace id of a segment', () => {
  it.each([
    ['upper case', (id: string) => id.toUpperCase()],
    ['W3C hex', (id: string) => id.replaceAll('-', '').slice(1)],
    [
      'a header with Self first',
      (id: string) => `Self=1-${'a'.repeat(8)}-${'b'.repeat(24)}; root=${id}; Sampled=1`,
    ],
  ])('may be in %s', async (_, form) => {
    const { trace_id, ...rest } = segment();
    await say(`${HEADER}\n${text({ ...rest, trace_id: form(trace_id) })}`);
    expect((await fetch(`${receivers.url}/api/traces/${trace_id}`)).status).toBe(200);
  });
});

describe('the time of a segment', () => {
  it.each([
    ['seconds', 1],
    ['milliseconds', 1e3],
    ['microseconds', 1e6],
    ['nanoseconds', 1e9],
  ])('is recognised in %s', async (_, units) => {
    const subsegments = [
      { id: hex(8), name: 'inner', start_time: seconds * units, end_time: (seconds + 1) * units },
    ];
    await say(
      `${HEADER}\n${text(segment({ start_time: seconds * units, end_time: (seconds + 2) * units, subsegments }))}`,
    );
    expect(receivers.segments().at(-1)).toMatchObject({
      start_time: seconds,
      end_time: seconds + 2,
      subsegments: [{ start_time: seconds, end_time: seconds + 1 }],
    });
  });

  it.each([0, 1, 1e8, -seconds, 1e30])('is refused when it is %d', async (start_time) => {
    await say(`${HEADER}\n${text(segment({ start_time }))}`);
    expect(receivers.journal.unread()[0]?.reason).toMatch(/start_time .* not a time from 2000 to 2100/);
  });

  it('keeps a segment whose end is no time, without it', async () => {
    await say(`${HEADER}\n${text(segment({ end_time: 5 }))}`);
    expect(receivers.segments().at(-1)).not.toHaveProperty('end_time');
    expect(counts().received.segment).toBe(1);
  });
});

describe('an operation of X-Ray', () => {
  const sign = {
    authorization:
      'AWS4-HMAC-SHA256 Credential=local/20261129/us-east-1/xray/aws4_request, SignedHeaders=host, Signature=0',
  };

  it.each([
    ['is unknown', '/TraceSummaries', sign],
    ['is unknown, unsigned', '/ServiceGraph', {}],
    ['does not exist', '/Nonsense', sign],
  ])('that %s is answered as by AWS', async (_, path, headers) => {
    const response = await fetch(receivers.url + path, { method: 'POST', headers, body: '{}' });
    expect(response.status).toBe(404);
    expect(response.headers.get('x-amzn-errortype')).toBe('UnknownOperationException');
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(counts().unread.xray).toBe(1);
  });
});
