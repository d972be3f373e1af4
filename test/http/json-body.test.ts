import { isUtf8 } from 'node:buffer';
import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { brotliCompressSync, constants, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { useApp } from '../helpers/app/app.ts';
import { openRaw, parseAnswers } from '../helpers/network/raw-http.ts';
import { until } from '../helpers/until.ts';

const LIMIT = 102_400;

const app = useApp();

/** Sends bytes and headers unchanged; a client library would correct them. */
function postRaw(body: Buffer | string, headers: Record<string, string>) {
  const request = app.post('/api/activities');
  for (const [name, value] of Object.entries(headers)) request.set(name, value);
  return request.serialize(() => body as string).send(body as string);
}

const START = Buffer.from('{"ttl":"1-day","message":"a');
const END = Buffer.from('"}');
const JSON_TYPE = { 'Content-Type': 'application/json' };

describe('a rejected body', () => {
  test.each<[string, string, number]>([
    ['cut short', '{"message":', 400],
    ['blank', '  ', 400],
    ['two values', '{} {}', 400],
    ['single quotes', "{'message':'a'}", 400],
    ['one byte too large', `"${'a'.repeat(LIMIT - 1)}"`, 413],
    ['far too large', `"${'a'.repeat(20 * LIMIT)}"`, 413],
  ])('%s', async (_name, body, status) => {
    const response = await postRaw(body, JSON_TYPE);
    expect(response.status).toBe(status);
    expect(response.type).toBe('application/problem+json');
    expect(response.text).not.toContain('a'.repeat(33));
  });

  test.each([
    ['no type', '{}', {}],
    ['a form', 'message=a', { 'Content-Type': 'application/x-www-form-urlencoded' }],
    ['text', '{}', { 'Content-Type': 'text/plain' }],
    ['another JSON type', '{}', { 'Content-Type': 'application/vnd.api+json' }],
    ['an invalid type', '{}', { 'Content-Type': 'json, please;;' }],
    ...['latin1', 'utf-7', 'utf-16', 'utf-16le', 'utf-32', 'UTF-16BE', '"utf-16"', 'utf-8-bom'].map(
      (charset): [string, string, Record<string, string>] => [
        `the charset ${charset}`,
        '{}',
        { 'Content-Type': `application/json; charset=${charset}` },
      ],
    ),
    ['an unknown charset', '{}', { 'Content-Type': 'application/json; charset=utf-99' }],
    ['an unknown content encoding', '{}', { ...JSON_TYPE, 'Content-Encoding': 'rot13' }],
  ])('%s: 415', async (_name, body, headers) => {
    const response = await postRaw(body, headers);
    expect(response.status).toBe(415);
    expect(response.body).toMatchObject({ title: 'Unsupported Media Type', instance: '/api/activities' });
  });

  test('a body that cannot be decompressed: 400', async () => {
    const response = await postRaw('{}', { ...JSON_TYPE, 'Content-Encoding': 'gzip' });
    expect(response.status).toBe(400);
  });

  const fastest = { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } };

  test.each<[string, (bytes: Buffer) => Buffer]>([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['br', (bytes) => brotliCompressSync(bytes, fastest)],
    ['zstd', zstdCompressSync],
  ])('a small body that decompresses to a large one: 413 (%s)', async (encoding, compress) => {
    const bomb = compress(Buffer.alloc(50 * 1024 * 1024, ' '));
    const response = await postRaw(bomb, { ...JSON_TYPE, 'Content-Encoding': encoding });
    expect(response.status).toBe(413);
  });

  test.each([
    ['a byte of Latin-1', [0xe9]],
    ['an overlong form', [0xc0, 0x80]],
    ['a surrogate', [0xed, 0xa0, 0x80]],
    ['a code point above U+10FFFF', [0xf4, 0x90, 0x80, 0x80]],
    ['a character cut short', [0xf0, 0x9f, 0x9a]],
    ['a lone continuation byte', [0x80]],
  ])('%s is not UTF-8: 400', async (_name, bytes) => {
    const body = Buffer.concat([START, Buffer.from(bytes), END]);
    for (const [sent, headers] of [
      [body, JSON_TYPE],
      [gzipSync(body), { ...JSON_TYPE, 'Content-Encoding': 'gzip' }],
    ] as const) {
      const response = await postRaw(sent, headers);
      expect(response.status).toBe(400);
      expect(response.body).toMatchObject({ detail: 'The body is not UTF-8.', instance: '/api/activities' });
    }
    expect(app.reports).toEqual([]);
  });
});

describe('a body without fields', () => {
  test.each([
    ['an array', '[{"message":"a"}]'],
    ['a string', '"message"'],
    ['a number', '1e400'],
    ['null', 'null'],
    ['true', 'true'],
    ['an empty object', '{}'],
    ['arrays in arrays', `${'['.repeat(50_000)}${']'.repeat(50_000)}`],
    ['objects in objects', `${'{"a":'.repeat(15_000)}1${'}'.repeat(15_000)}`],
    ['a prototype', '{"__proto__":{"message":"a","ttl":"1-day"},"constructor":{"message":"a"}}'],
  ])('is treated as an empty object: %s', async (_name, body) => {
    const response = await postRaw(body, JSON_TYPE);
    expect(response.status).toBe(422);
    expect(response.body).toEqual(['message_blank']);
  });

  test('is treated as an empty object: no body', async () => {
    const response = await app.post('/api/activities');
    expect(response.status).toBe(422);
    expect(response.body).toEqual(['message_blank']);
    const empty = await app.post('/api/activities').set('Content-Length', '0');
    expect(empty.body).toEqual(['message_blank']);
  });
});

describe('an accepted body', () => {
  const body = JSON.stringify({ message: 'Größe: 🚀', ttl: '1-day' });

  test.each([
    ['with a charset', body, { 'Content-Type': 'application/json; charset=UTF-8' }],
    ['with a charset in quotation marks', body, { 'Content-Type': 'application/json;charset="utf-8"' }],
    ['with a byte order mark', `\ufeff${body}`, JSON_TYPE],
    ['compressed', gzipSync(body), { ...JSON_TYPE, 'Content-Encoding': 'gzip' }],
    [
      'of exactly 100 kB',
      body.replace('}', `,"more":"${'a'.repeat(LIMIT - Buffer.byteLength(body) - 10)}"}`),
      JSON_TYPE,
    ],
  ])('%s', async (_name, sent, headers) => {
    const response = await postRaw(sent, headers);
    expect(response.status).toBe(200);
    expect(response.body.message).toBe('Größe: 🚀');
  });
});

test('any bytes are stored exactly as sent, or rejected', async () => {
  const character = fc
    .string({ unit: 'binary', minLength: 1, maxLength: 4 })
    .map((text) => Buffer.from(text));
  const bytes = fc
    .array(fc.oneof(character, fc.uint8Array({ maxLength: 3 })), { maxLength: 10 })
    .map((parts) => Buffer.concat(parts).filter((byte) => byte >= 0x20 && byte !== 0x22 && byte !== 0x5c));
  await fc.assert(
    fc.asyncProperty(bytes, async (middle) => {
      const response = await postRaw(Buffer.concat([START, middle, END]), JSON_TYPE);
      expect(response.status).toBe(isUtf8(middle) ? 200 : 400);
      if (response.status === 200) expect(response.body.message).toBe(`a${Buffer.from(middle).toString()}`);
    }),
    { numRuns: 60 },
  );
});

test('a client that disconnects in the middle of its body causes no fault', async () => {
  const socket = connect(app.port, '127.0.0.1');
  socket.write(
    [
      'POST /api/activities HTTP/1.1',
      'Host: localhost',
      'Content-Type: application/json',
      'Content-Length: 100',
      'Expect: 100-continue',
      '',
      '{"message":',
    ].join('\r\n'),
  );
  const [interim] = await once(socket, 'data');
  expect(String(interim)).toMatch(/^HTTP\/1.1 100 Continue/);
  socket.resetAndDestroy();
  await until(() => app.lines.some(({ message }) => message.startsWith('POST /api/activities')));
  expect(app.lines.filter(({ level }) => level === 'error')).toEqual([]);
  expect(app.reports).toEqual([]);
});

test('the size limit also applies to a chunked body: 413', async () => {
  const socket = connect(app.port, '127.0.0.1');
  const chunk = Buffer.alloc(0x8000, ' ');
  socket.write(
    'POST /api/activities HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n' +
      'Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n',
  );
  for (let sent = 0; sent <= LIMIT; sent += chunk.length) {
    socket.write('8000\r\n');
    socket.write(chunk);
    socket.write('\r\n');
  }
  socket.write('0\r\n\r\n');
  const answer = await text(socket);
  expect(answer).toMatch(/^HTTP\/1.1 413 /);
});

test.each([
  ['by its length', `Content-Length: ${1e12}`, ''],
  [
    'by what has come of it',
    'Transfer-Encoding: chunked',
    `${(LIMIT + 1).toString(16)}\r\n${'a'.repeat(LIMIT + 1)}`,
  ],
])('a body that is too large %s is refused before it ends: 413', async (_how, framing, sent) => {
  const socket = await openRaw(
    app.port,
    `POST /api/activities HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n${framing}\r\n\r\n${sent}`,
  );
  const [answer] = await once(socket, 'data');
  socket.destroy();
  const [problem] = parseAnswers(String(answer));
  expect(problem?.status).toBe(413);
  expect(problem?.headers.traceresponse).toContain(JSON.parse(problem?.body ?? '').trace_id);
  expect(app.reports).toEqual([]);
});

test('the body of a GET is ignored', async () => {
  const response = await app.get('/api/activities/@worf').set(JSON_TYPE).send('{');
  expect(response.status).toBe(200);
});
