import { gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { bytesOf, readAllCaptured, sendCaptured } from '../helpers/captured-clients.ts';
import { startReceivers } from '../helpers/receivers.ts';

const receivers = await startReceivers();
afterAll(() => receivers.close());

/** What a service says of a request that it cannot read; 500 is not among them. */
const ANSWERS = [200, 400, 408, 413, 415, 422, undefined];

const captured = readAllCaptured().flatMap(({ client, messages }) =>
  messages.map((message) => ({ client, message })),
);

/** A body as its sender wrote it, and again as it is sent: faults are made within the compression. */
function opened(message: (typeof captured)[number]['message']) {
  const zipped = message.headers?.['content-encoding'] === 'gzip';
  const bytes = bytesOf(message);
  return {
    bytes: zipped ? gunzipSync(bytes) : bytes,
    close: (body: Buffer) => (zipped ? gzipSync(body) : body),
  };
}

/** The same bytes with a part cut off, overwritten or doubled. */
const damage = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  length: fc.nat(40),
  insert: fc.oneof(
    fc.uint8Array({ maxLength: 20 }),
    fc
      .constantFrom('null', '[]', '{}', '-1', '1e999', '"', '\\ud800', '\\u0000', '"__proto__":{}', '[[[[')
      .map((text) => Buffer.from(text)),
  ),
  truncate: fc.boolean(),
});

function apply(
  bytes: Buffer,
  { at, length, insert, truncate }: typeof damage extends fc.Arbitrary<infer D> ? D : never,
) {
  const start = Math.floor(at * bytes.length);
  const rest = truncate ? Buffer.alloc(0) : bytes.subarray(start + length);
  return Buffer.concat([bytes.subarray(0, start), insert, rest]);
}

describe('what comes damaged', () => {
  it('is answered as the real service would, or counted, whoever sent it', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...captured),
        fc.array(damage, { minLength: 1, maxLength: 3 }),
        async ({ message }, faults) => {
          const { bytes, close } = opened(message);
          const status = await sendCaptured(receivers, message, close(faults.reduce(apply, bytes)));
          expect(ANSWERS).toContain(status);
        },
      ),
      { numRuns: 400 },
    );
  });

  it('has something else at any place in its JSON', async () => {
    const json = captured.filter(({ message }) => isJson(opened(message).bytes));
    const anything = fc.oneof(
      fc.jsonValue({ maxDepth: 2 }),
      fc.constant({ toString: 1 }),
      fc.constant([null]),
    );
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...json), fc.nat(), anything, async ({ message }, place, other) => {
        const { bytes, close } = opened(message);
        const status = await sendCaptured(receivers, message, close(replaceNode(bytes, place, other)));
        expect(ANSWERS).toContain(status);
      }),
      { numRuns: 400 },
    );
  });

  it('can be looked at, as far as it was read', async () => {
    const { traces } = (await (await fetch(`${receivers.url}/api/traces?limit=5000`)).json()) as {
      traces: { traceId: string }[];
    };
    for (const { traceId } of traces) {
      expect((await fetch(`${receivers.url}/api/traces/${traceId}`)).status).toBe(200);
    }
    expect(traces.length).toBeGreaterThan(0);
  });

  it('leaves what comes whole as readable as before', async () => {
    for (const { message } of captured.filter(({ client }) => client.startsWith('OpenTelemetry'))) {
      expect(await sendCaptured(receivers, message, bytesOf(message))).toBe(200);
    }
    expect(receivers.journal.counts().unread.otlp).toBeGreaterThan(0);
  });
});

function isJson(bytes: Buffer): boolean {
  return bytes[0] === '{'.charCodeAt(0);
}

/** Replaces one value of a document, chosen by number; a datagram's header line stays. */
function replaceNode(bytes: Buffer, place: number, other: unknown): Buffer {
  const text = bytes.toString();
  const start = text.startsWith('{"format"') ? text.indexOf('\n') + 1 : 0;
  const document = JSON.parse(text.slice(start));
  const slots: [Record<string, unknown>, string][] = [];
  const walk = (node: unknown) => {
    if (typeof node !== 'object' || node === null) return;
    for (const key of Object.keys(node)) {
      slots.push([node as Record<string, unknown>, key]);
      walk((node as Record<string, unknown>)[key]);
    }
  };
  walk(document);
  const [parent, key] = slots[place % slots.length] ?? [document, 'x'];
  parent[key] = other;
  return Buffer.from(text.slice(0, start) + JSON.stringify(document));
}
