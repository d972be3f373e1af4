import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeCursor, encodeCursor } from '../../src/http/page-query.ts';

const FIRST = Date.parse('1970-01-01T00:00:00.000Z');
const LAST = Date.parse('9999-12-31T23:59:59.999Z');

test('reads back what it wrote, in characters that are safe in a query', () => {
  fc.assert(
    fc.property(fc.integer({ min: FIRST, max: LAST }), fc.uuid(), (time, uuid) => {
      const cursor = { createdAt: new Date(time).toISOString(), uuid };
      const text = encodeCursor(cursor);
      expect(text).toMatch(/^[\w-]{30}$/);
      expect(decodeCursor(text)).toEqual(cursor);
    }),
  );
});

test('reads nothing that it would not have written', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[\w-]{30}$/), fc.base64String()), (text) => {
      const cursor = decodeCursor(text);
      if (cursor !== undefined) expect(encodeCursor(cursor)).toBe(text);
    }),
  );
});

test('refuses a time after the year 9999, which PostgreSQL could not compare with', () => {
  const bytes = Buffer.alloc(22, 0xff);
  expect(decodeCursor(bytes.toString('base64url'))).toBeUndefined();
});

test('refuses a cursor with bits to spare', () => {
  const text = encodeCursor({
    createdAt: new Date(0).toISOString(),
    uuid: '00000000-0000-0000-0000-000000000000',
  });
  expect(decodeCursor(`${text.slice(0, -1)}B`)).toBeUndefined();
});
