import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeCursor, encodeCursor } from '../../src/http/cursor.ts';

const FIRST = Date.parse('1970-01-01T00:00:00.000Z');
const LAST = Date.parse('9999-12-31T23:59:59.999Z');

test('a cursor survives encoding and decoding, in URL-safe characters', () => {
  fc.assert(
    fc.property(fc.integer({ min: FIRST, max: LAST }), fc.uuid(), (time, uuid) => {
      const cursor = { createdAt: new Date(time).toISOString(), uuid };
      const text = encodeCursor(cursor);
      expect(text).toMatch(/^[\w-]{30}$/);
      expect(decodeCursor(text)).toEqual(cursor);
    }),
  );
});

test('decoding accepts only the output of encoding', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[\w-]{30}$/), fc.base64String()), (text) => {
      const cursor = decodeCursor(text);
      if (cursor !== undefined) expect(encodeCursor(cursor)).toBe(text);
    }),
  );
});

test('decoding rejects a time after the year 9999, which PostgreSQL cannot parse', () => {
  const bytes = Buffer.alloc(22, 0xff);
  expect(decodeCursor(bytes.toString('base64url'))).toBeUndefined();
});

test('decoding rejects a cursor with unused bits set', () => {
  const text = encodeCursor({
    createdAt: new Date(0).toISOString(),
    uuid: '00000000-0000-0000-0000-000000000000',
  });
  expect(decodeCursor(`${text.slice(0, -1)}B`)).toBeUndefined();
});
