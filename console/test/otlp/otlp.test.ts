import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Receivers, startReceivers } from '../helpers/receivers.ts';
import { until } from '../helpers/until.ts';

const SPAN = {
  traceId: '5b8efff798038103d269b633813fc60c',
  spanId: 'eee19b7ec3c1b174',
  name: 'a',
  startTimeUnixNano: '1700000000000000000',
  endTimeUnixNano: '1700000000000000001',
};

let receivers: Receivers;
beforeEach(async () => {
  receivers = await startReceivers();
});
afterEach(() => receivers.close());

function post(body: string | Buffer, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${receivers.url}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : new Uint8Array(body),
  });
}

function batch(...spans: unknown[]): string {
  return JSON.stringify({ resourceSpans: [{ resource: {}, scopeSpans: [{ scope: { name: 's' }, spans }] }] });
}

describe('an unreadable request', () => {
  const bomb = gzipSync(Buffer.alloc(21 * 1024 * 1024, ' '));
  it.each([
    ['is not JSON', 400, '{"resourceSpans":', {}],
    ['is not an object', 400, '[]', {}],
    ['is nested too deep', 400, `${'['.repeat(100_000)}${']'.repeat(100_000)}`, {}],
    ['is of another type', 415, '{}', { 'content-type': 'text/plain' }],
    ['is in an unknown encoding', 415, '{}', { 'content-encoding': 'zstd' }],
    ['is not gzip, although its header says so', 400, '{}', { 'content-encoding': 'gzip' }],
    ['is incomplete gzip', 400, gzipSync(batch(SPAN)).subarray(0, -12), { 'content-encoding': 'gzip' }],
    ['is a gzip bomb', 413, bomb, { 'content-encoding': 'gzip' }],
    ['is too large', 413, Buffer.alloc(21 * 1024 * 1024, ' '), {}],
  ])('is refused with a Status, and counted: it %s', async (_, status, body, headers) => {
    const response = await post(body, headers);

    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(await response.json()).toEqual({ message: expect.any(String) });
    expect(receivers.journal.counts().unread.otlp).toBe(1);
    expect((await post(batch(SPAN))).status).toBe(200);
  });

  it('is refused in protobuf when its content type is protobuf', async () => {
    const response = await post('\x0a\x02', { 'content-type': 'application/x-protobuf' });
    expect(response.status).toBe(400);
    expect(response.headers.get('content-type')).toBe('application/x-protobuf');
    const status = Buffer.from(await response.arrayBuffer());
    // Field 2 of a google.rpc.Status is the message.
    expect(status[0]).toBe((2 << 3) | 2);
    expect(status.toString('utf8', 2)).toMatch(/^not protobuf: /);
    expect(receivers.journal.counts().unread.otlp).toBe(1);
  });

  it('is refused when its method is not POST', async () => {
    const response = await fetch(`${receivers.url}/v1/traces`);
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe('POST');
  });

  it('is answered, whatever its content', async () => {
    const body = fc.oneof(
      fc.json().map((json) => batch(JSON.parse(json))),
      fc.json(),
      fc.json().map((json) => `{"resourceSpans":${json}}`),
      fc.json().map((json) => batch({ ...SPAN, attributes: JSON.parse(json), events: JSON.parse(json) })),
      fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
      fc.nat(400).map((length) => batch(SPAN, SPAN).slice(0, length)),
    );
    await fc.assert(
      fc.asyncProperty(body, async (content) => {
        const response = await post(content);
        expect([200, 400]).toContain(response.status);
        await response.json();
      }),
      { numRuns: 200 },
    );
  });

  it('is counted when the client disconnects in the middle', async () => {
    const { port } = new URL(receivers.url);
    const socket = connect(Number(port), '127.0.0.1');
    socket.write('POST /v1/traces HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{"resource', () =>
      socket.destroy(),
    );

    await until(() => receivers.journal.counts().unread.otlp === 1);
  });
});
